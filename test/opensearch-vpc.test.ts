/** A search domain that nobody reaches from outside its VPC: asked through the function that the stack has in there. */
import { afterEach, describe, expect, it } from 'vitest';
import { parsePolicy } from '#domain/policy-schema.ts';
import { providerOf } from '#providers/index.ts';
import { denied } from '#simulator/kernel/faults.ts';
import { firstRun, mails } from './scenario/holding.ts';
import { nightly } from './scenario/policy.ts';
import { begin, end, failureOf, functionNamed, recover, recovered } from './scenario/recovering.ts';
import { closeStage, dayMs, hourMs, openStage, pointsIn, redeploy, type Stage, until } from './scenario/stage.ts';
import { thinOutSweeps } from './scenario/sweeps.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

const vpc = { VPCId: 'vpc-0a1b2c3d', SubnetIds: ['subnet-0a1b2c3d'], SecurityGroupIds: ['sg-0a1b2c3d'] };
const network = { subnets: vpc.SubnetIds, securityGroups: vpc.SecurityGroupIds };
const schedule = { cron: '0 3 * * ? *', timeZone: 'UTC' };

const policyWith = (changes: object) =>
  nightly({
    search: {
      schedule,
      members: [{ kind: 'opensearch', resource: 'evidence', repository: 'nightly', ...changes }],
      retention: { days: 1, minimum: 1 },
    },
  });

const opensearch = () => stage.services.opensearch;
const snapshots = () => [...opensearch().world.snapshots.values()].map(({ name }) => name);
const indices = () => {
  const found = opensearch().world.domains.get('evidence');
  if (found === undefined) throw new Error('there is no domain');
  return found.indices;
};
const read = (name: string): readonly string[] =>
  [...indices()].flatMap(([index, { documents, aliases }]) => (index === name || aliases.has(name) ? documents : []));
const made = () => [...indices().keys()].filter((name) => /-new-[0-9a-f]{6}$/.test(name));

async function open(changes: object = { network }): Promise<void> {
  stage = await openStage({ policy: policyWith(changes) });
  opensearch().world.launch({
    ...{ name: 'evidence', vpc, indices: { 'cases-1': ['case 1'], people: ['person 1'] } },
    aliases: { 'cases-1': ['cases'] },
  });
}

async function openAfterNight(): Promise<void> {
  await open();
  await stage.time.advance(3 * hourMs);
  expect(await pointsIn(stage, 'search')).toHaveLength(1);
}

async function openAfterMistake(): Promise<void> {
  await openAfterNight();
  indices().get('cases-1')?.documents.push('case 2, a mistake');
}

describe('a night', () => {
  it('takes the snapshot, and knows how it ended', async () => {
    await openAfterNight();
    const [point] = await pointsIn(stage, 'search');
    expect(point?.artifacts).toMatchObject([{ source: 'evidence', state: 'completed' }]);
    expect(snapshots()).toHaveLength(1);
    expect(mails(stage)).toEqual([]);
  });

  it('and later deletes it', async () => {
    await openAfterNight();
    const [first] = snapshots();
    thinOutSweeps(stage, 6);
    await stage.time.advance(2 * dayMs);
    await stage.invoke(functionNamed(stage, 'Retire'));
    await stage.time.advance(hourMs);
    expect(snapshots()).toHaveLength(2);
    expect(snapshots()).not.toContain(first);
  });

  it('asks in the names of the functions that want to know, whose rights are of paths', async () => {
    await openAfterNight();
    const asked = stage.calls.all().filter(({ call }) => call.operation.startsWith('ESHttp'));
    expect(
      [...new Set(asked.map(({ call }) => call.caller.name.replace(/.*Holdfast-(\w+)Function.*/, '$1')))].sort(),
    ).toEqual(['BeginTiers', 'PlanRun', 'Settle']);
    const puts = asked.filter(({ call }) => call.operation === 'ESHttpPut');
    expect(puts.map(({ call }) => call.caller.name)).toEqual([expect.stringContaining('BeginTiers')]);
  });

  it('is not harmed by replies that are lost on either half of the way', async () => {
    await open();
    stage.faults.add({ service: 'es', operation: 'ESHttpPut', effect: { kind: 'lose-reply' } });
    stage.faults.add({ service: 'es', operation: 'ESHttpGet', effect: { kind: 'lose-reply' } });
    const isOfDomain = (input: unknown) => Object(input).FunctionName === 'Holdfast-ask-evidence';
    stage.faults.add({ service: 'lambda', operation: 'Invoke', when: isOfDomain, effect: { kind: 'lose-reply' } });
    await stage.time.advance(3 * hourMs);
    expect(await pointsIn(stage, 'search')).toHaveLength(1);
    expect(snapshots()).toHaveLength(1);
  });

  it('waits for another snapshot as with any other domain', async () => {
    await open();
    await stage.time.advance(2 * hourMs - 60_000);
    opensearch().arrange.automatedSnapshotBegins('evidence');
    await stage.time.advance(2 * hourMs);
    expect(await pointsIn(stage, 'search')).toHaveLength(1);
    expect(mails(stage)).toEqual([]);
  });
});

describe('is refused', () => {
  const refused = async () => {
    await stage.time.advance(3 * hourMs);
    expect(await pointsIn(stage, 'search')).toEqual([]);
    return (await firstRun(stage, 'search')).failure?.message;
  };

  it('when its member says nothing of a network, with what to add', async () => {
    await open({});
    expect(await refused()).toMatch(
      /evidence answers inside its VPC only \(vpc-0a1b2c3d\).*network: \{ subnets: \[subnet-0a1b2c3d\], securityGroups: \[sg-0a1b2c3d\] \}/,
    );
  });

  it('when the subnets are those of another VPC', async () => {
    await open({ network: { ...network, subnets: ['subnet-0e0e0e0e'] } });
    expect(await refused()).toMatch(
      /evidence is in vpc-0a1b2c3d \(subnet-0a1b2c3d\), and is not reached from subnet-0e0e0e0e/,
    );
  });

  it('in a plan that is made before the function is deployed', async () => {
    await open({});
    const parsed = parsePolicy(policyWith({ network }));
    const [workload] = 'policy' in parsed ? parsed.policy.workloads : [];
    if (workload === undefined) throw new Error('the policy has mistakes');
    const { refusals } = await stage.drive(providerOf('opensearch').plan(workload.members, workload, []));
    expect(refusals).toEqual([expect.stringMatching(/function Holdfast-ask-evidence.* is not there.*and deploy/)]);
  });

  it('in a recovery when nobody is inside any more', async () => {
    await openAfterMistake();
    await redeploy(stage, policyWith({}));
    expect(failureOf(await recover(stage, { workload: 'search' }))).toMatch(
      /opensearch evidence cannot be asked: .*Holdfast-ask-evidence.*give the domain’s member its network/,
    );
    expect(made()).toEqual([]);
  });
});

describe('a recovery', () => {
  it('makes the indices of then beside the present ones, and leads their aliases to them', async () => {
    await openAfterMistake();
    expect(failureOf(await recover(stage, { workload: 'search' }))).toBe(': ');
    expect(await recovered(stage, 'search')).toMatchObject({ state: 'committed' });
    expect(read('cases')).toEqual(['case 1']);
    expect(read('cases-1')).toEqual(['case 1', 'case 2, a mistake']);
  });

  it('is rolled back when it fails after the aliases were led to the restored ones', async () => {
    await openAfterMistake();
    await begin(stage, { workload: 'search' });
    await until(stage, 'aliases lead to the restored ones', () => read('cases').length === 1, 2 * hourMs);
    stage.faults.add({ service: 'es', operation: 'ESHttpGet', effect: denied() });
    await end(stage);
    expect(await recovered(stage, 'search')).toMatchObject({ state: 'rolled-back' });
    expect(read('cases')).toEqual(['case 1', 'case 2, a mistake']);
    expect(mails(stage).at(-1)).toContain('rolled back');
  });
});

describe('the function in the VPC', () => {
  const host = () => opensearch().world.domains.get('evidence')?.host ?? '';
  const request = { method: 'GET', path: '/_alias', headers: {}, body: '' };
  const ask = async (changes: object) =>
    JSON.stringify(await stage.invoke('Holdfast-ask-evidence', { host: host(), ...request, ...changes }));

  it('carries nothing to another host', async () => {
    await open();
    const wrong = [
      'vpc-other-abc.eu-west-1.es.amazonaws.com',
      'vpc-evidence-2-abc.eu-west-1.es.amazonaws.com',
      'search-evidence-abc.eu-west-1.es.amazonaws.com',
      'vpc-evidence-abc.us-east-1.es.amazonaws.com',
      'vpc-evidence-abc.eu-west-1.es.amazonaws.com.example.com',
      'vpc-evidence-abc.example.com',
    ];
    for (const each of wrong) expect(await ask({ host: each })).toMatch(/InvalidRequest.*is no endpoint of opensearch/);
  });

  it('carries no request that Holdfast does not make', async () => {
    await open();
    const wrong = [
      { method: 'DELETE', path: '/cases-1' },
      { method: 'GET', path: '/cases-1/_search' },
      { method: 'PUT', path: '/_snapshot/nightly' },
      { method: 'DELETE', path: '/_snapshot/nightly/of-another' },
      { method: 'GET', path: '/_cat/indices/%2A/../../_search' },
    ];
    for (const each of wrong) expect(await ask(each)).toMatch(/InvalidRequest.*makes no such request/);
  });

  it('gives nobody more rights than they have: a reader sees snapshots, and deletes none', async () => {
    await openAfterNight();
    stage.admit('AKIAREADER', stage.deployed.HoldfastReaders ?? '');
    const headers = { authorization: 'Credential=AKIAREADER/20260115/eu-west-1/es/aws4_request' };
    const path = `/_snapshot/nightly/${snapshots()[0]}`;
    expect(await ask({ headers, path: '/_snapshot' })).toContain('"status":200');
    expect(await ask({ headers, method: 'DELETE', path })).toContain('"status":403');
    expect(snapshots()).toHaveLength(1);
  });

  it('has no right to the domain by itself', async () => {
    await open();
    const carrier = stage.identities.roles().find(({ caller }) => caller.arn.includes('AskDomain'));
    const actions = carrier?.policies.flatMap(({ statements }) => statements.flatMap((each) => each.actions)) ?? [];
    expect(actions.length).toBeGreaterThan(5);
    expect(actions.filter((action) => !/^(ec2|logs):/.test(action))).toEqual([]);
  });
});
