/** Sets with databases of which a copy is wanted in another Region: snapshots of RDS and of Aurora go with the disks that they refer to, or nothing does. */
import {
  CopyDBSnapshotCommand,
  CreateDBClusterSnapshotCommand,
  CreateDBSnapshotCommand,
  DeleteDBClusterSnapshotCommand,
  RDSClient,
  RestoreDBClusterFromSnapshotCommand,
  RestoreDBInstanceFromDBSnapshotCommand,
} from '@aws-sdk/client-rds';
import { afterEach, describe, expect, it } from 'vitest';
import type { Point } from '#domain/point.ts';
import type { PolicyInput } from '#domain/policy-schema.ts';
import { copierOf } from '#providers/copiers.ts';
import { denied, type FaultRule } from '#simulator/kernel/faults.ts';
import type { RegionOptions } from '#simulator/region.ts';
import { exampleWorkload } from './scenario/example.ts';
import { launchDatabase } from './scenario/fleet.ts';
import { mails } from './scenario/holding.ts';
import { appliance, applianceId, nightly } from './scenario/policy.ts';
import { functionNamed } from './scenario/recovering.ts';
import { copyTo, key, keyId, region } from './scenario/second-region.ts';
import {
  closeStage,
  dayMs,
  failuresAddress,
  hourMs,
  minuteMs,
  openStage,
  pointsIn,
  type Stage,
} from './scenario/stage.ts';
import { stopSchedules, stopSweep, thinOutSweeps } from './scenario/sweeps.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

const workload = 'accounts';
const whole = nightly({ [workload]: exampleWorkload('second-region', workload, { copyTo }) });
/** A database and a disk. */
const small = (member: { readonly kind: 'rds' | 'aurora'; readonly resource: string }) =>
  nightly({ [workload]: appliance({ copyTo, members: [member, disk] }) });
const disk = {
  ...{ kind: 'ebs' as const, instance: { id: applianceId }, volumes: { devices: ['/dev/sdh'] } },
  tier: 2,
};
const instance = { kind: 'rds', resource: 'accounts' } as const;
const cluster = { kind: 'aurora', resource: 'accounts-history' } as const;

async function open(policy: PolicyInput = whole, options: RegionOptions = {}): Promise<void> {
  stage = await openStage({ policy, neighbours: [region], ...options });
  stage.neighbour(region).services.kms.createKey({ id: keyId });
  launchDatabase(stage, { id: 'i-0acc0000000000001', name: 'accounts' });
  const { rds } = stage.services;
  rds.world.launch({ name: 'accounts' });
  rds.world.instance('accounts').rows.push('account 1 in file a');
  rds.world.launchCluster({ name: 'accounts-history' });
  rds.world.cluster('accounts-history').rows.push('account 1 was opened');
}

/** Just after the first night's point was sealed, and before any copy of it is begun. */
async function openSealed(policy?: PolicyInput, options?: RegionOptions): Promise<void> {
  await open(policy, options);
  const begin = stopSweep(stage, 'Settle');
  for (let waited = 0; (await newest())?.copy === undefined && waited < 40; waited += 1)
    await stage.time.advance(10 * minuteMs);
  begin();
}

const newest = async (): Promise<Point | undefined> => (await pointsIn(stage, workload))[0];
const copyNow = async () => (await newest())?.copy;
/** Id of the point's artifact of this kind. */
const artifactOf = async (kind: string) => (await newest())?.artifacts.find((each) => each.kind === kind)?.id ?? '';
const there = () => stage.neighbour(region).services.rds;
const instances = () => [...there().world.snapshots.values()];
const clusters = () => [...there().world.clusterSnapshots.values()];
const disks = () =>
  [...stage.neighbour(region).services.ec2.world.snapshots.values()].filter(({ goneAtMs }) => goneAtMs === undefined);
const all = () => [...instances(), ...clusters(), ...disks()];
const copiedRuns = () => [...new Set(all().map(({ tags }) => tags.get('holdfast:copied-run')))].sort();
const asked = (operation: string) =>
  stage.calls.of('rds', operation).filter(({ errorCode }) => errorCode === undefined);
const fault = (operation: string, effect: FaultRule['effect'], more: Partial<FaultRule> = {}) =>
  stage.faults.add({ service: 'rds', operation, effect, ...more });
const failed = `accounts: the copy of a point in ${region} FAILED; the point itself is whole`;
const bodyOf = (words: string) => stage.inbox(failuresAddress).find(({ subject }) => subject.includes(words))?.message;

/** What is of that name there and only says by its tags that it is a copy. */
async function forge(kind: string, name: string, artifact: string): Promise<void> {
  const client = new RDSClient({ region });
  const Tags = [
    { Key: 'holdfast:stack', Value: 'Holdfast' },
    { Key: 'holdfast:copy-of', Value: artifact },
  ];
  if (kind === 'rds') {
    there().world.launch({ name: 'other' });
    const command = { DBInstanceIdentifier: 'other', DBSnapshotIdentifier: name, Tags };
    await stage.drive(client.send(new CreateDBSnapshotCommand(command)));
  } else {
    there().world.launchCluster({ name: 'other' });
    const command = { DBClusterIdentifier: 'other', DBClusterSnapshotIdentifier: name, Tags };
    await stage.drive(client.send(new CreateDBClusterSnapshotCommand(command)));
  }
  await stage.time.advance(10 * minuteMs);
}

describe('a set with databases', () => {
  it('is copied whole under the key there, with tags that tell all without the ledger', async () => {
    await openSealed();
    expect(all()).toEqual([]);
    await stage.time.advance(2 * hourMs);
    const point = await newest();
    expect(point?.copy?.state).toBe('whole');
    expect(point?.copy?.parts.map(({ kind }) => kind).sort()).toEqual(['aurora', ...Array(4).fill('ebs'), 'rds']);
    const [database] = instances();
    expect(database).toMatchObject({ status: 'available', settings: { KmsKeyId: key } });
    const artifact = point?.artifacts.find(({ kind }) => kind === 'rds');
    expect(Object.fromEntries(database?.tags ?? [])).toEqual({
      'holdfast:stack': 'Holdfast',
      'holdfast:workload': workload,
      'holdfast:copied-run': point?.id,
      'holdfast:copied-from': 'eu-west-1',
      'holdfast:copy-of': artifact?.id,
      'holdfast:taken': artifact?.startedAt,
      'holdfast:cut-lower': artifact?.cut?.lower,
      'holdfast:cut-upper': artifact?.cut?.upper,
      'holdfast:copy': 'whole',
      'holdfast:tier': '1',
      'holdfast:count': '6',
      'holdfast:role': 'copy',
      'holdfast:verdict': 'application-consistent',
      'holdfast:expires': new Date(Date.parse(point?.takenAt ?? '') + 2 * dayMs).toISOString(),
      'holdfast:source': 'accounts',
      'holdfast:settings': 'db.r6g.large multi-az 5432 postgres16-tuned default:postgres-16',
    });
    expect(clusters()).toMatchObject([{ status: 'available', keyArn: key }]);
    expect(clusters()[0]?.tags.get('holdfast:settings')).toBe('2xdb.r6g.large 1-8ACU 5432 aurora-postgresql15-tuned');
    expect(disks().map(({ state, kmsKeyId }) => [state, kmsKeyId])).toEqual(Array(4).fill(['completed', key]));
    expect(copiedRuns()).toEqual([point?.id]);
    expect(new Set(all().map(({ tags }) => tags.get('holdfast:copy')))).toEqual(new Set(['whole']));
    expect(mails(stage)).toEqual([]);
  });

  it('keeps the proof that its databases are older than its disks', async () => {
    await open();
    await stage.time.advance(5 * hourMs);
    const takenAt = disks()
      .map(({ tags }) => tags.get('holdfast:taken') ?? '')
      .sort();
    const uppers = [...instances(), ...clusters()].map(({ tags }) => tags.get('holdfast:cut-upper') ?? 'never');
    expect(uppers).toHaveLength(2);
    for (const upper of uppers) expect(upper < (takenAt[0] ?? '')).toBe(true);
  });

  it('can be brought back there', async () => {
    await open();
    await stage.time.advance(5 * hourMs);
    stage.services.rds.world.instance('accounts').rows.push('account 2, a mistake');
    const client = new RDSClient({ region });
    const [DBSnapshotIdentifier, SnapshotIdentifier] = [instances()[0]?.name, clusters()[0]?.name];
    await stage.drive(
      client.send(
        new RestoreDBInstanceFromDBSnapshotCommand({ DBInstanceIdentifier: 'accounts', DBSnapshotIdentifier }),
      ),
    );
    const made = { DBClusterIdentifier: 'accounts-history', SnapshotIdentifier, Engine: 'aurora-postgresql' };
    await stage.drive(client.send(new RestoreDBClusterFromSnapshotCommand(made)));
    expect(there().world.instance('accounts').rows).toEqual(['account 1 in file a']);
    expect(there().world.instance('accounts').settings).toMatchObject({ KmsKeyId: key });
    expect(there().world.cluster('accounts-history').rows).toEqual(['account 1 was opened']);
  });

  it('says that it is whole only once all of it is complete', async () => {
    await openSealed();
    there().arrange.copyNeverEnds(await artifactOf('aurora'));
    await stage.time.advance(3 * hourMs);
    expect((await copyNow())?.state).toBe('copying');
    expect(new Set(all().map(({ tags }) => tags.get('holdfast:copy')))).toEqual(new Set(['incomplete']));
    expect(instances()[0]?.status).toBe('available');
  });

  it('has a cluster that is not encrypted copied as it is, since RDS takes no key for it', async () => {
    await open(small(cluster));
    delete stage.services.rds.world.cluster('accounts-history').settings.KmsKeyId;
    await stage.time.advance(5 * hourMs);
    expect((await copyNow())?.state).toBe('whole');
    expect(clusters().map(({ keyArn }) => keyArn)).toEqual([undefined]);
  });
});

describe.each([
  { member: instance, operation: 'CopyDBSnapshot', copies: () => instances() },
  { member: cluster, operation: 'CopyDBClusterSnapshot', copies: () => clusters() },
])('a copy of $member.kind', ({ member, operation, copies }) => {
  it('is made once when a reply is lost', async () => {
    await openSealed(small(member));
    fault(operation, { kind: 'lose-reply' });
    await stage.time.advance(2 * hourMs);
    expect((await copyNow())?.state).toBe('whole');
    expect(asked(operation)).toHaveLength(1);
    expect(copies()).toHaveLength(1);
    expect(mails(stage)).toEqual([]);
  });

  it('is made once when the network delivers the call twice', async () => {
    await openSealed(small(member));
    fault(operation, { kind: 'deliver-twice' });
    await stage.time.advance(2 * hourMs);
    expect((await copyNow())?.state).toBe('whole');
    expect(copies()).toHaveLength(1);
  });

  it('is asked for again when it was asked for in vain', async () => {
    await openSealed(small(member));
    fault(operation, { kind: 'refuse', code: 'InternalFailure', message: 'oops', status: 500 }, { times: 10 });
    await stage.time.advance(2 * hourMs);
    expect((await copyNow())?.state).toBe('whole');
    expect(mails(stage)).toEqual([]);
  });

  it('fails its set when it fails: told once, deleted with all the rest, and the next night is copied again', async () => {
    await openSealed();
    there().arrange.copyFails(await artifactOf(member.kind));
    await stage.time.advance(2 * hourMs);
    expect((await copyNow())?.state).toBe('failed');
    expect(mails(stage)).toEqual([failed]);
    expect(bodyOf('FAILED')).toContain('snapshot failed, without a reason');
    expect(new Set(all().map(({ tags }) => tags.get('holdfast:copy')))).not.toContain('whole');
    await stage.time.advance(2 * hourMs);
    expect(all()).toEqual([]);
    expect((await newest())?.broken).toBeUndefined();
    await stage.time.advance(dayMs);
    expect((await copyNow())?.state).toBe('whole');
    expect(copiedRuns()).toEqual([(await newest())?.id]);
    expect(mails(stage)).toEqual([failed]);
  });

  it('is refused at once when its key cannot be used, and nothing of its set stays', async () => {
    await openSealed();
    stage.neighbour(region).services.kms.disable(keyId);
    await stage.time.advance(4 * hourMs);
    expect((await copyNow())?.state).toBe('failed');
    expect(mails(stage)).toEqual([failed]);
    expect(bodyOf('FAILED')).toContain('KMSKeyNotAccessibleFault');
    expect(all()).toEqual([]);
  });

  it('fails when it is denied for good', async () => {
    await openSealed(small(member));
    fault(operation, denied('AccessDenied'));
    await stage.time.advance(4 * hourMs);
    expect((await copyNow())?.state).toBe('failed');
    expect(bodyOf('FAILED')).toContain('AccessDenied');
    expect(all()).toEqual([]);
  });

  it('fails when somebody else has a snapshot of its name, which is left alone', async () => {
    await openSealed(small(member));
    const artifact = await artifactOf(member.kind);
    const name = `holdfast-eu-west-1-${artifact.replace('holdfast-', '')}`;
    await forge(member.kind, name, artifact);
    await stage.time.advance(4 * hourMs);
    expect((await copyNow())?.state).toBe('failed');
    expect(bodyOf('FAILED')).toContain('AlreadyExists');
    expect(copies().map((copy) => copy.name)).toEqual([name]);
  });

  it('waits while others copy as much as the Region takes', async () => {
    await openSealed(small(member), { rds: { copiesInProgress: 0 } });
    await stage.time.advance(hourMs);
    expect((await copyNow())?.state).toBe('copying');
    expect(copies()).toEqual([]);
    expect(mails(stage)).toEqual([]);
  });

  it('fails where there is no room for one more snapshot', async () => {
    await openSealed(small(member));
    there().arrange.snapshotsOfOthers(100);
    await stage.time.advance(2 * hourMs);
    expect((await copyNow())?.state).toBe('failed');
    expect(bodyOf('FAILED')).toContain('Cannot create more than 100 manual snapshots');
  });
});

it.each(Array.from({ length: 11 }, (_, index) => index + 1))(
  'a copy is made once when the function that begins it dies after its call %i',
  async (afterCalls) => {
    await openSealed(small(instance));
    stage.services.lambda.crash({ functionName: functionNamed(stage, 'Settle'), afterCalls });
    await stage.time.advance(2 * hourMs);
    expect((await copyNow())?.state).toBe('whole');
    expect(asked('CopyDBSnapshot')).toHaveLength(1);
    expect(instances()).toHaveLength(1);
  },
);

describe('a Region', () => {
  it('that takes one copy at a time has all of a set in the end', async () => {
    await openSealed(whole, { rds: { copiesInProgress: 1 } });
    await stage.time.advance(4 * hourMs);
    expect((await copyNow())?.state).toBe('whole');
    expect(mails(stage)).toEqual([]);
  });

  it('is left some room', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `accounts-${index}`);
    const members = names.map((resource) => ({ kind: 'rds', resource }) as const);
    await open(nightly({ [workload]: appliance({ copyTo, members }) }));
    for (const name of names) stage.services.rds.world.launch({ name });
    let most = 0;
    const look = () => {
      most = Math.max(most, instances().filter(({ status }) => status === 'copying').length);
      return false;
    };
    await stage.time.until(look, 5 * hourMs);
    expect(most).toBe(8);
    expect((await copyNow())?.state).toBe('whole');
    expect(asked('CopyDBSnapshot')).toHaveLength(12);
  });
});

describe('copies of databases whose time is over', () => {
  it('go with the disks of their set, and the last whole set never does', async () => {
    await open();
    thinOutSweeps(stage, 6);
    await stage.time.advance(3 * dayMs + 12 * hourMs);
    const runs = (await pointsIn(stage, workload)).map(({ id }) => id);
    expect(runs).toHaveLength(4);
    expect(copiedRuns()).toEqual(runs.slice(0, 2).toReversed());
    expect([instances().length, clusters().length, disks().length]).toEqual([2, 2, 8]);
    stopSchedules(stage);
    await stage.time.advance(10 * dayMs);
    expect(copiedRuns()).toEqual(runs.slice(0, 1));
    expect([instances().length, clusters().length, disks().length]).toEqual([1, 1, 4]);
  });

  it('are asked to be deleted again when a reply is lost, and are gone then', async () => {
    await openSealed(small(instance));
    there().arrange.copyFails(await artifactOf('rds'));
    fault('DeleteDBSnapshot', { kind: 'lose-reply' });
    await stage.time.advance(4 * hourMs);
    expect(all()).toEqual([]);
    expect((await copyNow())?.retire?.doneAt).toBeDefined();
    expect(mails(stage)).toEqual([failed]);
  });

  it('are none of this stack’s when they have not its tag, nor may its functions delete them', async () => {
    await open(small(instance));
    await stage.time.advance(5 * hourMs);
    const source = String((await newest())?.artifacts[0]?.detail.snapshotArn);
    const command = {
      SourceDBSnapshotIdentifier: source,
      TargetDBSnapshotIdentifier: 'holdfast-by-hand',
      KmsKeyId: key,
    };
    await stage.drive(new RDSClient({ region }).send(new CopyDBSnapshotCommand(command)));
    thinOutSweeps(stage, 6);
    await stage.time.advance(4 * dayMs);
    expect(instances().map(({ name }) => name)).toContain('holdfast-by-hand');
    const name = functionNamed(stage, 'Retire');
    const call = stage.calls.of('dynamodb', 'Query').find(({ call }) => call.caller.name === `function:${name}`);
    const caller = { kind: 'role', arn: call?.call.caller.arn ?? '', name: 'test' } as const;
    const input = { DBSnapshotIdentifier: 'holdfast-by-hand' };
    const { gateway } = stage.neighbour(region);
    const byHand = gateway.perform({ caller, service: 'rds', operation: 'DeleteDBSnapshot', input });
    await expect(stage.drive(byHand)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});

it('a set that loses a database’s copy is told of within a day, and counts no more', async () => {
  await open();
  await stage.time.advance(5 * hourMs);
  const first = await newest();
  const [lost] = clusters();
  const command = new DeleteDBClusterSnapshotCommand({ DBClusterSnapshotIdentifier: lost?.name });
  await stage.drive(new RDSClient({ region }).send(command));
  const isTold = () => mails(stage).some((subject) => subject.includes('is not whole any more'));
  expect(await stage.time.until(isTold, dayMs + hourMs)).toBe(true);
  const copy = (await pointsIn(stage, workload)).find(({ id }) => id === first?.id)?.copy;
  expect(copy).toMatchObject({
    state: 'failed',
    failure: { problem: expect.stringContaining(`${lost?.name}, copy of`) },
  });
});

it('the doctor asks RDS of the Region, and the key there', async () => {
  await open(small(instance));
  const problems = async () => (await stage.drive(copierOf('rds').examine(copyTo, []))).problems;
  expect(await problems()).toEqual([]);
  stage.neighbour(region).services.kms.disable(keyId);
  expect(await problems()).toEqual([expect.stringContaining('is Disabled, so every copy would fail')]);
});

it('a stack has no right to copy what none of its workloads that are copied has', async () => {
  await open(nightly({ disks: appliance({ copyTo }), [workload]: appliance({ members: [instance] }) }));
  const statements = stage.identities.roles().flatMap(({ policies }) => policies.flatMap((each) => each.statements));
  expect(JSON.stringify(statements)).toContain('ec2:CopySnapshot');
  expect(JSON.stringify(statements)).not.toContain('rds:CopyDB');
});
