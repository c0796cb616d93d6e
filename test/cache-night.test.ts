/** Nights of caches that hold what cannot be had again, beside the disk that they refer to. */
import { CreateSnapshotCommand, MemoryDBClient } from '@aws-sdk/client-memorydb';
import { afterEach, expect, it } from 'vitest';
import { allFixedMs, guardMs } from '#domain/cut.ts';
import type { PolicyInput } from '#domain/policy-schema.ts';
import type { RegionOptions } from '#simulator/region.ts';
import { firstRun, mails, untilFree, untilHeld } from './scenario/holding.ts';
import { database, nightly } from './scenario/policy.ts';
import { functionNamed } from './scenario/recovering.ts';
import { closeStage, dayMs, hourMs, minuteMs, openStage, pointsIn, type Stage } from './scenario/stage.ts';
import { thinOutSweeps, toldBy } from './scenario/sweeps.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

type Members = PolicyInput['workloads'][string]['members'];

const cluster = { kind: 'memorydb', resource: 'orders' } as const;
const disks = { kind: 'ebs', instance: { tags: { Name: 'orders-db' } }, volumes: 'data', tier: 2 } as const;
const hold = { kind: 'command', quiesce: '/opt/holdfast/quiesce', release: '/opt/holdfast/release' } as const;

interface Options extends RegionOptions {
  readonly window?: string;
  readonly retention?: { readonly days: number; readonly minimum: number };
}

/** A workload whose application holds still, or, without disks, none that could. */
async function open(members: Members, { window, retention, ...region }: Options = {}): Promise<void> {
  const hooks = members.includes(disks) ? [{ ...hold, deadlineSeconds: 3600 }] : [];
  const workload = database({
    members,
    quiesce: { hooks, onFailure: 'abort' },
    ...(window ? { window } : {}),
    ...(retention ? { retention } : {}),
  });
  const { recovery: _, ...held } = workload;
  const policy = nightly({ 'orders-db': hooks.length > 0 ? workload : held });
  stage = await openStage({ policy, ...region });
}

const memorydb = () => stage.services.memorydb;
const elasticache = () => stage.services.elasticache;

it('takes the disk only when the cluster’s snapshot has been complete for a guard', async () => {
  await open([cluster, disks]);
  memorydb().world.launch({ name: 'orders', tags: { team: 'orders' } });
  await untilHeld(stage);
  const heldMs = await untilFree(stage, hourMs);
  await stage.time.advance(hourMs);
  const [point] = await pointsIn(stage, 'orders-db');
  const snapshots = point?.artifacts.filter(({ kind }) => kind === 'memorydb') ?? [];
  const volumes = point?.artifacts.filter(({ kind }) => kind === 'ebs') ?? [];
  expect(snapshots).toMatchObject([
    {
      ...{ source: 'orders', state: 'completed' },
      detail: { recreate: { ACLName: 'orders-acl', NumShards: 2, NumReplicasPerShard: 1 }, tags: { team: 'orders' } },
    },
  ]);
  expect(volumes).toHaveLength(4);
  for (const { startedAt } of volumes) {
    expect(Date.parse(startedAt)).toBeGreaterThanOrEqual(allFixedMs(snapshots) + guardMs);
  }
  expect(point?.verdict.consistency).toBe('application-consistent');
  // Five minutes for the snapshot, which is as long as MemoryDB takes here, a guard, and the looks in between.
  expect(heldMs).toBeGreaterThan(6 * minuteMs);
  expect(heldMs).toBeLessThan(7 * minuteMs);
  expect(mails(stage)).toEqual([]);
});

const caches = ['replicationgroup:sessions', 'replicationgroup:single', 'cluster:queue', 'serverlesscache:carts'];
const cacheMembers = caches.map((resource) => ({ kind: 'elasticache', resource }) as const);

it('takes caches of nodes, with and without cluster mode, and serverless ones, each in its own way', async () => {
  await open([...cacheMembers, disks]);
  elasticache().world.launchGroup({ name: 'sessions', tags: { team: 'shop' } });
  elasticache().world.launchGroup({ name: 'single', clusterMode: false });
  elasticache().world.launchCluster({ name: 'queue' });
  elasticache().world.launchServerless({ name: 'carts' });
  await untilHeld(stage);
  await untilFree(stage, hourMs);
  await stage.time.advance(hourMs);
  const [point] = await pointsIn(stage, 'orders-db');
  const taken = new Map(point?.artifacts.map((artifact) => [artifact.source, artifact]));
  const { snapshots, serverlessSnapshots } = elasticache().world;
  const sourceOf = (resource: string) => snapshots.get(taken.get(resource)?.id ?? '')?.source.name;
  expect(sourceOf('replicationgroup:sessions')).toBe('sessions');
  // Out of cluster mode it is of the primary.
  expect(sourceOf('replicationgroup:single')).toBe('single-001');
  expect(sourceOf('cluster:queue')).toBe('queue');
  expect(serverlessSnapshots.get(taken.get('serverlesscache:carts')?.id ?? '')?.source.name).toBe('carts');
  expect(taken.get('replicationgroup:sessions')?.detail).toMatchObject({
    recreate: {
      CacheParameterGroupName: 'valkey7-tuned',
      NodeGroupConfiguration: [
        { Slots: '0-8191', ReplicaCount: 1 },
        { Slots: '8192-16383', ReplicaCount: 1 },
      ],
      UserGroupIds: ['orders-users'],
    },
    tags: { team: 'shop' },
  });
  expect(taken.get('serverlesscache:carts')?.detail).toMatchObject({
    recreate: { SubnetIds: ['subnet-0a', 'subnet-0b'] },
  });
  expect(point?.artifacts.filter(({ kind }) => kind === 'ebs')).toHaveLength(4);
  expect(point?.verdict.consistency).toBe('application-consistent');
  expect(mails(stage)).toEqual([]);
});

it('is refused, each cache with its reason, before anything is held still', async () => {
  const refused = ['cluster:memcached', 'cluster:sessions-0001-001', 'replicationgroup:gone'];
  await open([...refused.map((resource) => ({ kind: 'elasticache', resource }) as const), disks]);
  elasticache().world.launchCluster({ name: 'memcached', engine: 'memcached' });
  elasticache().world.launchGroup({ name: 'sessions' });
  await stage.time.advance(3 * hourMs);
  const { failure, window } = await firstRun(stage);
  expect(window).toBeUndefined();
  expect(failure?.message.split('\n')).toEqual([
    expect.stringContaining('cluster:memcached is a Memcached cluster'),
    expect.stringContaining(
      'cluster:sessions-0001-001 belongs to a replication group: back up replicationgroup:sessions',
    ),
    expect.stringContaining('replicationgroup:gone does not exist'),
  ]);
});

it('deletes what has expired of caches', async () => {
  await open([cluster, ...cacheMembers.slice(0, 1), ...cacheMembers.slice(3)], {
    retention: { days: 1, minimum: 1 },
  });
  memorydb().world.launch({ name: 'orders' });
  elasticache().world.launchGroup({ name: 'sessions' });
  elasticache().world.launchServerless({ name: 'carts' });
  await stage.time.advance(3 * hourMs);
  thinOutSweeps(stage, 6);
  await stage.time.advance(2 * dayMs);
  await stage.invoke(functionNamed(stage, 'Retire'));
  await stage.time.advance(hourMs);
  const ids = [
    ...memorydb().world.snapshots.keys(),
    ...elasticache().world.snapshots.keys(),
    ...elasticache().world.serverlessSnapshots.keys(),
  ];
  expect(ids.filter((id) => id.includes('20260115t'))).toEqual([]);
  expect(ids.filter((id) => id.includes('20260117t'))).toHaveLength(3);
});

it.each([
  { shards: 1, consistency: 'application-consistent' },
  // Each shard is of a moment of its own, and nothing held still.
  { shards: 3, consistency: 'crash-consistent' },
])('calls a snapshot of $shards shards without a hold $consistency', async ({ shards, consistency }) => {
  await open([cluster]);
  memorydb().world.launch({ name: 'orders', shards });
  await stage.time.advance(4 * hourMs);
  const [point] = await pointsIn(stage, 'orders-db');
  expect(point?.verdict.consistency).toBe(consistency);
});

it('waits for an automatic snapshot to end before anything is held still', async () => {
  await open([cluster, disks]);
  memorydb().world.launch({ name: 'orders' });
  memorydb().arrange.setStatus('orders', 'snapshotting');
  await stage.time.advance(2 * hourMs + 5 * minuteMs);
  expect((await firstRun(stage)).window).toBeUndefined();
  memorydb().arrange.setStatus('orders', 'available');
  await stage.time.advance(hourMs);
  expect(await pointsIn(stage, 'orders-db')).toHaveLength(1);
  expect(mails(stage)).toEqual([]);
});

it('waits for a snapshot that the cluster itself says nothing of', async () => {
  await open([cluster, disks]);
  memorydb().world.launch({ name: 'orders' });
  memorydb().arrange.saysNothingOfSnapshots('orders');
  await stage.time.advance(2 * hourMs - 2 * minuteMs);
  const byHand = new CreateSnapshotCommand({ ClusterName: 'orders', SnapshotName: 'by-hand' });
  await stage.drive(new MemoryDBClient({}).send(byHand));
  await stage.time.advance(4 * minuteMs);
  expect((await firstRun(stage)).window).toBeUndefined();
  await stage.time.advance(hourMs);
  expect(await pointsIn(stage, 'orders-db')).toHaveLength(1);
  expect(mails(stage)).toEqual([]);
});

it('is refused, with the time of the next, when MemoryDB makes no more snapshots of the cluster today', async () => {
  await open([cluster, disks], { memorydb: { snapshotMs: minuteMs } });
  memorydb().world.launch({ name: 'orders' });
  const operator = new MemoryDBClient({});
  for (let at = 0; at < 20; at += 1) {
    await stage.drive(
      operator.send(new CreateSnapshotCommand({ ClusterName: 'orders', SnapshotName: `by-hand-${at}` })),
    );
    await stage.time.advance(2 * minuteMs);
  }
  await stage.time.advance(2 * hourMs);
  const { failure, window } = await firstRun(stage);
  expect(failure).toMatchObject({
    name: 'InvalidRequest',
    message: expect.stringContaining('memorydb orders has 20 manual snapshots of the last 24 hours'),
  });
  expect(failure?.message).toContain('after 2026-01-16T01:00:06');
  expect(window).toBeUndefined();
});

it('lets go when the snapshot does not end, and does not lose sight of it', async () => {
  await open([cluster, ...cacheMembers.slice(0, 1), ...cacheMembers.slice(3), disks], { window: '20m' });
  memorydb().world.launch({ name: 'orders' });
  elasticache().world.launchGroup({ name: 'sessions' });
  elasticache().world.launchServerless({ name: 'carts' });
  memorydb().arrange.nextSnapshotNeverEnds();
  await untilHeld(stage);
  expect(await untilFree(stage, hourMs)).toBeLessThan(22 * minuteMs);
  thinOutSweeps(stage, 3);
  await stage.time.advance(1.2 * dayMs);
  await stage.invoke(functionNamed(stage, 'Retire'));
  const run = await firstRun(stage);
  expect(run.failure?.message).toContain('window was over');
  // It cannot be deleted while it is made: sweeps ask again, and tell nobody. The next night has no cluster to take.
  expect(run.artifacts.filter(({ kind }) => kind === 'memorydb')).toMatchObject([{ state: 'pending' }]);
  expect(toldBy(stage)).toEqual([
    '[Holdfast] orders-db: backup FAILED; application released',
    '[Holdfast] orders-db: backup FAILED; application never held',
  ]);
});
