/** The snapshots that caches make by themselves follow the workload's window. */
import { MemoryDBClient, UpdateClusterCommand } from '@aws-sdk/client-memorydb';
import { afterEach, expect, it } from 'vitest';
import type { Member } from '#domain/policy.ts';
import type { PolicyInput } from '#domain/policy-schema.ts';
import { sampleWorkload } from '#domain/samples-for-tests.ts';
import { providerOf } from '#providers/index.ts';
import { database, nightly } from './scenario/policy.ts';
import { functionNamed } from './scenario/recovering.ts';
import { closeStage, dayMs, failuresAddress, hourMs, openStage, type Stage } from './scenario/stage.ts';
import { thinOutSweeps } from './scenario/sweeps.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

type Members = PolicyInput['workloads'][string]['members'];

const automatic = { retentionDays: 7 } as const;
const cluster = { kind: 'memorydb', resource: 'orders', automatic } as const;
const caches = ['replicationgroup:sessions', 'cluster:queue', 'serverlesscache:carts'] as const;

/** In the hour of UTC in which the points of a workload of this name are looked at. */
const lookHour = 10;

interface Options {
  readonly fromMs?: number;
  readonly timeZone?: string;
  /** Of the MemoryDB cluster. */
  readonly maintenance?: string;
}

/** Ends in the hour of the first look, when mail addresses are confirmed. */
async function open(members: Members, { fromMs = Date.UTC(2026, 0, 15), timeZone = 'UTC', ...options }: Options = {}) {
  const { quiesce: _quiesce, recovery: _recovery, ...unheld } = database();
  const workload = { ...unheld, members, schedule: { cron: '0 3 * * ? *', timeZone } };
  const startMs = fromMs + (lookHour - 0.5) * hourMs;
  stage = await openStage({ policy: nightly({ 'orders-db': workload }), startMs });
  const { memorydb, elasticache } = stage.services;
  const { maintenance: MaintenanceWindow = 'sun:06:00-sun:07:00' } = options;
  memorydb.world.launch({ name: 'orders', settings: { SnapshotRetentionLimit: 1, MaintenanceWindow } });
  elasticache.world.launchGroup({ name: 'sessions', settings: { SnapshotRetentionLimit: 35 } });
  elasticache.world.launchCluster({ name: 'queue' });
  elasticache.world.launchServerless({ name: 'carts' });
  thinOutSweeps(stage, 6);
  await stage.time.advance(hourMs / 2);
}

const look = () => stage.invoke(functionNamed(stage, 'Retire'));

async function lookNextDay(): Promise<void> {
  await stage.time.advance(dayMs);
  await look();
}

const changes = () =>
  stage.calls
    .mutating()
    .filter(({ call }) => /^(Modify|UpdateCluster$)/.test(call.operation))
    .map(({ call }) => call.operation);

const ofCluster = () => {
  const { SnapshotRetentionLimit, SnapshotWindow } =
    stage.services.memorydb.world.clusters.get('orders')?.settings ?? {};
  return [SnapshotRetentionLimit, SnapshotWindow];
};

const told = () => stage.inbox(failuresAddress).filter(({ subject }) => subject.includes('automatic snapshots'));

it('are set on every kind of cache, each in its own words, with one call, and then left alone', async () => {
  await open([cluster, ...caches.map((resource) => ({ kind: 'elasticache', resource, automatic }) as const)]);
  await look();
  const { groups, nodes, serverlessCaches } = stage.services.elasticache.world;
  expect(ofCluster()).toEqual([7, '03:00-04:00']);
  const nodewise = { SnapshotRetentionLimit: 7, SnapshotWindow: '03:00-04:00' };
  expect(groups.get('sessions')?.settings).toMatchObject(nodewise);
  expect(nodes.get('queue')?.nodeSettings).toMatchObject(nodewise);
  expect(serverlessCaches.get('carts')?.settings).toMatchObject({
    SnapshotRetentionLimit: 7,
    DailySnapshotTime: '03:00',
  });
  const once = ['UpdateCluster', 'ModifyReplicationGroup', 'ModifyCacheCluster', 'ModifyServerlessCache'];
  expect(changes()).toEqual(once);
  await lookNextDay();
  expect(changes()).toEqual(once);
  expect(told()).toEqual([]);
});

it('are set back when somebody has changed them, twice a day', async () => {
  await open([cluster]);
  await look();
  await stage.time.advance(hourMs);
  const somebody = new UpdateClusterCommand({ ClusterName: 'orders', SnapshotRetentionLimit: 0 });
  await stage.drive(new MemoryDBClient({}).send(somebody));
  await look();
  expect(ofCluster()).toEqual([0, '03:00-04:00']);
  await stage.time.advance(11 * hourMs);
  await look();
  expect(ofCluster()).toEqual([7, '03:00-04:00']);
});

it('move by an hour before the first window of summer time', async () => {
  await open([cluster], { fromMs: Date.UTC(2026, 2, 27), timeZone: 'Europe/Stockholm' });
  await look();
  expect(ofCluster()).toEqual([7, '02:00-03:00']);
  await lookNextDay();
  expect(ofCluster()).toEqual([7, '01:00-02:00']);
  await lookNextDay();
  expect(changes()).toHaveLength(2);
});

it('are told of once when the maintenance window is in the way, and set on the day after it was moved', async () => {
  await open([cluster], { maintenance: 'sun:03:30-sun:04:30' });
  await look();
  await lookNextDay();
  await stage.time.advance(6 * hourMs);
  expect(ofCluster()).toEqual([1, '05:00-06:00']);
  expect(told()).toHaveLength(1);
  expect(told()[0]?.message).toContain('The snapshot window and maintenance window must not overlap.');
  const moved = new UpdateClusterCommand({ ClusterName: 'orders', MaintenanceWindow: 'sun:09:00-sun:10:00' });
  await stage.drive(new MemoryDBClient({}).send(moved));
  await stage.time.advance(18 * hourMs);
  await look();
  expect(ofCluster()).toEqual([7, '03:00-04:00']);
});

it('wait half a day for a cluster that is busy, which nobody needs to know', async () => {
  await open([cluster]);
  stage.services.memorydb.arrange.setStatus('orders', 'snapshotting');
  await look();
  expect(ofCluster()).toEqual([1, '05:00-06:00']);
  await stage.time.advance(hourMs);
  stage.services.memorydb.arrange.setStatus('orders', 'available');
  await look();
  expect(ofCluster()).toEqual([1, '05:00-06:00']);
  await stage.time.advance(11 * hourMs);
  await look();
  expect(ofCluster()).toEqual([7, '03:00-04:00']);
  expect(told()).toEqual([]);
});

it('are switched off without a word on their window', async () => {
  await open([{ ...cluster, automatic: { retentionDays: 0 } }]);
  await look();
  expect(ofCluster()).toEqual([0, '05:00-06:00']);
});

it('are neither read nor changed of a member that says nothing of them', async () => {
  await open([{ kind: 'memorydb', resource: 'orders' }]);
  stage.calls.clear();
  await look();
  expect(stage.calls.of('memorydb')).toEqual([]);
});

it('are a note of the plan, as they are now', async () => {
  await open([cluster]);
  const notesOf = async (kind: 'elasticache' | 'memorydb', resources: readonly string[]) => {
    const members: Member[] = resources.map((resource) => ({ kind, resource, tier: 1, automatic }));
    return (await stage.drive(providerOf(kind).plan(members, sampleWorkload({ members }), []))).notes;
  };
  expect(await notesOf('memorydb', ['orders'])).toEqual([
    'memorydb orders keeps 1 automatic snapshot, made from 05:00 UTC on.',
  ]);
  expect(await notesOf('elasticache', caches)).toEqual([
    'elasticache replicationgroup:sessions keeps 35 automatic snapshots, made from 05:00 UTC on.',
    'elasticache cluster:queue keeps no automatic snapshots.',
    'elasticache serverlesscache:carts keeps 7 automatic snapshots, made from 05:00 UTC on.',
  ]);
});
