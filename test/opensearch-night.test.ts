/** Nights of a search domain beside the disk that it refers to. */
import { afterEach, expect, it } from 'vitest';
import { allFixedMs, guardMs } from '#domain/cut.ts';
import type { Workload } from '#domain/policy.ts';
import { parsePolicy } from '#domain/policy-schema.ts';
import type { Run } from '#domain/run.ts';
import { providerOf } from '#providers/index.ts';
import { denied } from '#simulator/kernel/faults.ts';
import type { RegionOptions } from '#simulator/region.ts';
import { firstRun, isDatabaseHeld, mails, untilFree, untilHeld } from './scenario/holding.ts';
import { database, nightly } from './scenario/policy.ts';
import { functionNamed } from './scenario/recovering.ts';
import { closeStage, dayMs, hourMs, minuteMs, openStage, pointsIn, type Stage } from './scenario/stage.ts';
import { thinOutSweeps } from './scenario/sweeps.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

const domain = { kind: 'opensearch', resource: 'evidence', repository: 'nightly' } as const;
const vpc = { VPCId: 'vpc-0a1b2c3d', SubnetIds: ['subnet-0a1b2c3d'], SecurityGroupIds: ['sg-0a1b2c3d'] };
const disks = { kind: 'ebs', instance: { tags: { Name: 'orders-db' } }, volumes: 'data', tier: 2 } as const;
const hold = { kind: 'command', quiesce: '/opt/holdfast/quiesce', release: '/opt/holdfast/release' } as const;
const indices = {
  cases: ['case 1'],
  people: ['person 1'],
  '.kibana_1': ['a dashboard'],
  '.opendistro_security': ['who'],
};

const opensearch = () => stage.services.opensearch;
const snapshots = () => [...opensearch().world.snapshots.values()];
const documents = (index: string) => opensearch().world.domains.get('evidence')?.indices.get(index)?.documents;

async function open({ window = '60m', ...options }: RegionOptions & { readonly window?: string } = {}): Promise<void> {
  const workload = database({
    members: [domain, disks],
    quiesce: { hooks: [{ ...hold, deadlineSeconds: 3600 }], onFailure: 'abort' },
    retention: { days: 1, minimum: 1 },
    window,
  });
  stage = await openStage({ policy: nightly({ 'orders-db': workload }), ...options });
  opensearch().world.launch({ name: 'evidence', indices });
}

/** The first run, which nothing was held still for. */
async function refused(): Promise<Run['failure']> {
  await stage.time.advance(3 * hourMs);
  const { failure, window } = await firstRun(stage);
  expect(window).toBeUndefined();
  return failure;
}

it('takes the disk only when the snapshot of the domain has ended a guard ago', async () => {
  await open();
  await untilHeld(stage);
  const heldMs = await untilFree(stage, hourMs);
  await stage.time.advance(hourMs);
  const [point] = await pointsIn(stage, 'orders-db');
  const search = point?.artifacts.filter(({ kind }) => kind === 'opensearch') ?? [];
  const volumes = point?.artifacts.filter(({ kind }) => kind === 'ebs') ?? [];
  expect(search).toMatchObject([{ source: 'evidence', state: 'completed', detail: { repository: 'nightly' } }]);
  expect(volumes).toHaveLength(4);
  for (const { startedAt } of volumes) {
    expect(Date.parse(startedAt)).toBeGreaterThanOrEqual(allFixedMs(search) + guardMs);
  }
  expect(point?.verdict.consistency).toBe('application-consistent');
  expect(heldMs).toBeGreaterThan(6 * minuteMs);
  expect(heldMs).toBeLessThan(7 * minuteMs);
  expect(mails(stage)).toEqual([]);
});

it('has all indices but the system’s in the snapshot, the marks of its run on it, and names the automated ones', async () => {
  await open();
  await untilHeld(stage);
  await untilFree(stage, hourMs);
  documents('cases')?.push('case 2, after the night');
  await stage.time.advance(hourMs);
  const [snapshot] = snapshots();
  expect(snapshot?.repository).toBe('nightly');
  expect([...(snapshot?.indices ?? [])].map(([name, index]) => [name, index.documents])).toEqual([
    ['cases', ['case 1']],
    ['people', ['person 1']],
  ]);
  const [point] = await pointsIn(stage, 'orders-db');
  expect(snapshot?.metadata).toMatchObject({
    ...{ 'holdfast:stack': 'Holdfast', 'holdfast:workload': 'orders-db', 'holdfast:run': (await firstRun(stage)).id },
    'holdfast:source': 'evidence',
  });
  expect(point?.artifacts.find(({ kind }) => kind === 'opensearch')?.detail).toMatchObject({
    automatedRepositories: ['cs-automated-enc'],
    indices: ['cases', 'people'],
  });
});

it('is planned with what the service keeps of it by itself, and planned all the same when nobody says', async () => {
  await open();
  const plan = () => stage.drive(providerOf('opensearch').plan([{ ...domain, tier: 1 }], parsedWorkload(), []));
  const noted = async () => (await plan()).notes?.join('\n');
  expect(await noted()).toContain(
    'opensearch evidence by itself keeps no automated snapshot that is whole: in cs-automated-enc',
  );
  opensearch().arrange.automatedSnapshotBegins('evidence');
  await stage.time.advance(hourMs);
  const [{ endedMs = 0 } = {}] = snapshots();
  const newest = new Date(Math.floor(endedMs / 1000) * 1000).toISOString();
  expect(await noted()).toContain(
    `keeps 1 automated snapshot, the newest of ${newest}: in cs-automated-enc, no part of any point.`,
  );
  stage.faults.add({
    ...{ service: 'es', operation: 'ESHttpGet', skip: 2, times: 1 },
    effect: denied('AccessDeniedException'),
  });
  const { notes, refusals } = await plan();
  expect(refusals).toEqual([]);
  expect(notes?.join('\n')).toContain('does not say which');
});

it.each(['PARTIAL', 'FAILED'] as const)('is no recovery point with a snapshot that is %s', async (end) => {
  await open();
  opensearch().arrange.nextSnapshotEndsAs(end);
  await stage.time.advance(4 * hourMs);
  expect(await pointsIn(stage, 'orders-db')).toEqual([]);
  const { failure } = await firstRun(stage);
  expect(failure?.message).toContain(`it is ${end}: cases[0]: node left the cluster`);
});

it('waits for an automated snapshot to end before anything is held still', async () => {
  await open({ opensearch: { snapshotMs: 5 * minuteMs } });
  await stage.time.advance(2 * hourMs - minuteMs);
  opensearch().arrange.automatedSnapshotBegins('evidence');
  await stage.time.advance(2 * minuteMs);
  expect((await firstRun(stage)).window).toBeUndefined();
  await stage.time.advance(2 * hourMs);
  expect(await pointsIn(stage, 'orders-db')).toHaveLength(1);
  expect(mails(stage)).toEqual([]);
});

/** What the service does by itself while the workload is held still already. */
async function whileHeld(befall: () => void): Promise<void> {
  await open({ window: '30m' });
  const arrange = () => {
    if (!befallen && isDatabaseHeld(stage)) befall();
    befallen ||= isDatabaseHeld(stage);
    return befallen;
  };
  let befallen = false;
  await stage.time.until(arrange, 25 * hourMs);
}

it('waits in the window, too, for an automated snapshot that was quicker', async () => {
  await whileHeld(() => opensearch().arrange.automatedSnapshotBegins('evidence'));
  const heldMs = await untilFree(stage, hourMs);
  await stage.time.advance(hourMs);
  expect(await pointsIn(stage, 'orders-db')).toHaveLength(1);
  expect(mails(stage)).toEqual([]);
  expect(heldMs).toBeGreaterThan(11 * minuteMs);
});

it('lets go when that does not end within the window', async () => {
  await whileHeld(() => {
    opensearch().arrange.nextSnapshotEndsAs('never');
    opensearch().arrange.automatedSnapshotBegins('evidence');
  });
  expect(await untilFree(stage, 2 * hourMs)).toBeLessThan(32 * minuteMs);
  await stage.time.advance(hourMs);
  expect((await firstRun(stage)).failure?.message).toMatch(
    /window was over at .*, and not begun: opensearch evidence makes one/,
  );
  expect(mails(stage)).toEqual(['orders-db: backup FAILED; application released']);
});

it('leaves a snapshot of its own name that does not carry its mark', async () => {
  await open();
  await stage.time.advance(3 * hourMs);
  const [first] = snapshots();
  Object.assign(first?.metadata ?? {}, { 'holdfast:stack': 'Another' });
  thinOutSweeps(stage, 6);
  await stage.time.advance(2 * dayMs);
  await stage.invoke(functionNamed(stage, 'Retire'));
  expect(snapshots()).toContain(first);
});

it('is told to be broken, with the reason, when its domain is gone', async () => {
  await open();
  await stage.time.advance(3 * hourMs);
  opensearch().arrange.setStatus('evidence', 'Deleting');
  await stage.time.advance(dayMs);
  const told = stage.inbox('ops@example.com').filter(({ subject }) => subject.includes('BROKEN'));
  expect(told).toHaveLength(1);
  expect(told[0]?.message).toContain('may still be in the bucket of the repository nightly');
});

it('says beforehand that a recovery will be refused as long as the domain has a standby', async () => {
  await open();
  opensearch().world.launch({ name: 'evidence', settings: { ClusterConfig: { MultiAZWithStandbyEnabled: true } } });
  const workload = parsedWorkload();
  const planned = await stage.drive(providerOf('opensearch').plan(workload.members, workload, []));
  expect(planned).toMatchObject({
    refusals: [],
    notes: [
      expect.stringContaining('Multi-AZ with Standby: a recovery is refused'),
      expect.stringContaining('automated snapshot'),
    ],
  });
});

function parsedWorkload(): Workload {
  const workloads = { one: { schedule: { rate: '1 day' }, members: [domain] } };
  const parsed = parsePolicy({ version: 1, mail: { failures: ['ops@example.com'] }, workloads });
  const [workload] = 'policy' in parsed ? parsed.policy.workloads : [];
  if (workload === undefined) throw new Error('the policy has mistakes');
  return workload;
}

it('deletes what has expired, and nothing that another has made', async () => {
  await open();
  await stage.time.advance(3 * hourMs);
  opensearch().arrange.automatedSnapshotBegins('evidence');
  thinOutSweeps(stage, 6);
  await stage.time.advance(2 * dayMs);
  await stage.invoke(functionNamed(stage, 'Retire'));
  await stage.time.advance(hourMs);
  const names = snapshots().map(({ name }) => name);
  expect(names.filter((name) => name.includes('20260115t'))).toEqual([]);
  expect(names.filter((name) => name.includes('20260117t'))).toHaveLength(1);
  expect(snapshots().filter(({ repository }) => repository === 'cs-automated-enc')).toHaveLength(1);
});

it('tells when the service restores red indices by itself, which other members do not follow', async () => {
  await open();
  await stage.time.advance(hourMs);
  opensearch().arrange.serviceRestoresRedIndices('another');
  opensearch().arrange.serviceRestoresRedIndices('evidence');
  await stage.time.advance(minuteMs);
  const told = stage.inbox('ops@example.com').filter(({ message }) => message.includes('red indices'));
  expect(told).toHaveLength(1);
  expect(told[0]?.message).toMatch(/domain evidence by itself .*Started.*npx holdfast recover/s);
});

it.each([
  [
    'a repository that is not registered',
    () => repositories()?.delete('nightly'),
    /knows no repository nightly .*none is.*awscurl .*\/_snapshot\/nightly/,
  ],
  [
    'a repository that another domain writes',
    () => repositories()?.set('nightly', { type: 's3', settings: { readonly: 'true' } }),
    /registered as readonly/,
  ],
  [
    'a domain that is being deleted',
    () => opensearch().arrange.setStatus('evidence', 'Deleting'),
    /evidence is Deleting, and only active/,
  ],
  [
    'a domain that is being upgraded for hours',
    () => opensearch().arrange.setStatus('evidence', 'UpgradingEngineVersion'),
    /describe-domain-change-progress --domain-name evidence/,
  ],
  [
    'a domain inside a VPC, of whose network the policy says nothing,',
    () => opensearch().world.launch({ name: 'evidence', vpc }),
    /inside its VPC only \(vpc-0a1b2c3d\).* network: \{ subnets: \[subnet-0a1b2c3d\], securityGroups: \[sg-0a1b2c3d\] \}/,
  ],
  ['a red domain', loseShard, /evidence is red: a primary shard is lost/],
  ['a domain whose own access control says no', forbid, /refuses it \(no permissions.*manage_snapshots/],
])('refuses %s before anything is held still, with the reason', async (_, befall, words) => {
  await open();
  befall();
  expect((await refused())?.message).toMatch(words);
});

const repositories = () => opensearch().world.domains.get('evidence')?.repositories;

function loseShard(): void {
  const cases = opensearch().world.domains.get('evidence')?.indices.get('cases');
  if (cases !== undefined) cases.health = 'red';
}

function forbid(): void {
  const effect = { ...denied('security_exception'), message: 'no permissions for [cluster:admin/repository/get]' };
  stage.faults.add({ service: 'es', operation: 'ESHttpGet', times: Number.POSITIVE_INFINITY, effect });
}
