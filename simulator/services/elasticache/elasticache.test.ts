import {
  CreateReplicationGroupCommand,
  CreateServerlessCacheSnapshotCommand,
  CreateSnapshotCommand,
  DescribeCacheEngineVersionsCommand,
  DescribeReplicationGroupsCommand,
  DescribeServerlessCachesCommand,
  DescribeSnapshotsCommand,
  ElastiCacheClient,
  ModifyCacheClusterCommand,
  ModifyReplicationGroupCommand,
  ModifyServerlessCacheCommand,
} from '@aws-sdk/client-elasticache';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parsePolicy } from '../../iam/policy.ts';
import { createRegion, type Region } from '../../region.ts';
import { clientSettings } from '../../wire/client-settings.ts';

const minuteMs = 60_000;
const startMs = Date.UTC(2026, 0, 15, 3);
let region: Region;
let client: ElastiCacheClient;

beforeEach(async () => {
  region = await createRegion({ startMs, latencyMs: 0 });
  client = new ElastiCacheClient({ ...clientSettings(region.gateway), maxAttempts: 1 });
  const { world } = region.services.elasticache;
  world.launchGroup({ name: 'sharded', shards: 2 });
  world.launchGroup({ name: 'plain', clusterMode: false });
  world.launchCluster({ name: 'memcached', engine: 'memcached' });
  world.launchServerless({ name: 'carts' });
});

afterEach(() => region.close());

const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: Error) => error.name,
  );
const create = (SnapshotName: string, source: { ReplicationGroupId?: string; CacheClusterId?: string }) =>
  region.drive(client.send(new CreateSnapshotCommand({ SnapshotName, ...source })));
const createServerless = (ServerlessCacheSnapshotName: string) =>
  region.drive(
    client.send(
      new CreateServerlessCacheSnapshotCommand({ ServerlessCacheSnapshotName, ServerlessCacheName: 'carts' }),
    ),
  );

async function statusOf(ReplicationGroupId: string): Promise<string | undefined> {
  const { ReplicationGroups } = await region.drive(
    client.send(new DescribeReplicationGroupsCommand({ ReplicationGroupId })),
  );
  return ReplicationGroups?.[0]?.Status;
}

it('takes snapshots of a group in cluster mode as a whole, of others by a node, of Memcached on nodes never', async () => {
  expect(await errorOf(create('one', { CacheClusterId: 'sharded-0001-001' }))).toBe(
    'InvalidParameterCombinationException',
  );
  expect(await errorOf(create('one', { ReplicationGroupId: 'plain' }))).toBe('InvalidParameterCombinationException');
  expect(await errorOf(create('one', { CacheClusterId: 'memcached' }))).toBe('SnapshotFeatureNotSupportedFault');
  await create('of-sharded', { ReplicationGroupId: 'sharded' });
  await create('of-plain', { CacheClusterId: 'plain-002' });
  expect(await Promise.all(['sharded', 'plain'].map(statusOf))).toEqual(['snapshotting', 'snapshotting']);
  expect(await errorOf(create('two', { CacheClusterId: 'plain-002' }))).toBe('InvalidCacheClusterStateFault');
  await region.time.advance(5 * minuteMs);
  expect(await Promise.all(['sharded', 'plain'].map(statusOf))).toEqual(['available', 'available']);
});

it('tells when each shard’s data was obtained', async () => {
  await create('one', { ReplicationGroupId: 'sharded' });
  await region.time.advance(5 * minuteMs);
  const { Snapshots } = await region.drive(client.send(new DescribeSnapshotsCommand({ SnapshotName: 'one' })));
  const times = Snapshots?.[0]?.NodeSnapshots?.map(({ SnapshotCreateTime }) => SnapshotCreateTime?.getTime());
  expect(times).toEqual([startMs + 5000, startMs + 10_000]);
});

it('counts 20 snapshots in 24 hours for each node, and 24 for a serverless cache', async () => {
  for (let at = 0; at < 20; at += 1) {
    await create(`s-${at}`, { CacheClusterId: 'plain-001' });
    await createServerless(`s-${at}`);
    await region.time.advance(5 * minuteMs);
  }
  expect(await errorOf(create('one-more', { CacheClusterId: 'plain-001' }))).toBe('SnapshotQuotaExceededFault');
  await create('one-more', { CacheClusterId: 'plain-002' });
  for (let at = 20; at < 24; at += 1) {
    await createServerless(`s-${at}`);
    await region.time.advance(5 * minuteMs);
  }
  expect(await errorOf(createServerless('one-more'))).toBe('ServerlessCacheSnapshotQuotaExceededFault');
});

it('shows a serverless cache as available while its snapshot is made, and takes no other', async () => {
  await createServerless('one');
  const { ServerlessCaches } = await region.drive(
    client.send(new DescribeServerlessCachesCommand({ ServerlessCacheName: 'carts' })),
  );
  expect(ServerlessCaches?.[0]?.Status).toBe('available');
  expect(await errorOf(createServerless('two'))).toBe('InvalidServerlessCacheStateFault');
  await region.time.advance(5 * minuteMs);
  await createServerless('a-name-that-is-longer-than-those-of-nodes-may-be');
});

const modifyGroup = (changes: Partial<ModifyReplicationGroupCommand['input']>) =>
  region.drive(client.send(new ModifyReplicationGroupCommand({ ReplicationGroupId: 'plain', ...changes })));
const modifyCluster = (changes: Partial<ModifyCacheClusterCommand['input']>) =>
  region.drive(client.send(new ModifyCacheClusterCommand({ CacheClusterId: 'queue', ...changes })));
const modifyServerless = (changes: Partial<ModifyServerlessCacheCommand['input']>) =>
  region.drive(client.send(new ModifyServerlessCacheCommand({ ServerlessCacheName: 'carts', ...changes })));

it('keeps automatic snapshots 0 to 35 days, of nodes in a window that maintenance leaves free, of serverless caches from a time on', async () => {
  const { world } = region.services.elasticache;
  world.launchCluster({ name: 'queue' });
  const window = { SnapshotRetentionLimit: 35, SnapshotWindow: '23:30-00:30' };
  await modifyGroup(window);
  await modifyCluster(window);
  await modifyServerless({ SnapshotRetentionLimit: 0, DailySnapshotTime: '23:30' });
  expect(world.groups.get('plain')?.settings).toMatchObject(window);
  expect(world.nodes.get('queue')?.nodeSettings).toMatchObject(window);
  expect(world.serverlessCaches.get('carts')?.settings).toMatchObject({
    ...{ SnapshotRetentionLimit: 0, DailySnapshotTime: '23:30' },
  });
  const refused = [
    modifyGroup({ SnapshotRetentionLimit: 36 }),
    modifyGroup({ SnapshotWindow: '05:30-06:30' }),
    modifyGroup({ PreferredMaintenanceWindow: 'sun:23:00-mon:00:00' }),
    modifyCluster({ SnapshotWindow: '05:00-05:30' }),
    modifyCluster({ SnapshotWindow: '06:30-07:30' }),
    modifyServerless({ SnapshotRetentionLimit: 36 }),
    modifyServerless({ DailySnapshotTime: '05:00-06:00' }),
  ];
  expect(await Promise.all(refused.map(errorOf))).toEqual(refused.map(() => 'InvalidParameterValueException'));
  await modifyGroup({ PreferredMaintenanceWindow: 'sun:09:00-sun:10:00' });
  await modifyGroup({ SnapshotWindow: '05:30-06:30' });
});

it('changes no cache of which a snapshot is being made', async () => {
  region.services.elasticache.world.launchCluster({ name: 'queue' });
  await create('of-plain', { CacheClusterId: 'plain-002' });
  await create('of-queue', { CacheClusterId: 'queue' });
  await createServerless('of-carts');
  const off = { SnapshotRetentionLimit: 0 };
  const changes = [modifyGroup(off), modifyCluster(off), modifyServerless(off)];
  expect(await Promise.all(changes.map(errorOf))).toEqual([
    ...['InvalidReplicationGroupStateFault', 'InvalidCacheClusterStateFault', 'InvalidServerlessCacheStateFault'],
  ]);
});

/** As somebody who may do all to ElastiCache, and of all else what is said. */
function clientWith(...actions: readonly string[]): ElastiCacheClient {
  const caller = { kind: 'role', arn: 'arn:aws:iam::111122223333:role/one', name: 'one' } as const;
  const Statement = [{ Effect: 'Allow', Action: ['elasticache:*', ...actions], Resource: '*' }];
  region.identities.register('AKIAONE', { caller, policies: [parsePolicy('inline', { Statement })] });
  return new ElastiCacheClient({ ...clientSettings(region.gateway, 'AKIAONE'), maxAttempts: 1 });
}

const nodeSnapshot = (source: { ReplicationGroupId?: string; CacheClusterId?: string }) => (one: ElastiCacheClient) =>
  one.send(new CreateSnapshotCommand({ SnapshotName: 'one', ...source }));
const serverlessSnapshot = (one: ElastiCacheClient) => {
  const names = { ServerlessCacheSnapshotName: 'one', ServerlessCacheName: 'carts' };
  return one.send(new CreateServerlessCacheSnapshotCommand(names));
};

it.each([
  ['a group', nodeSnapshot({ ReplicationGroupId: 'sharded' })],
  ['a node', nodeSnapshot({ CacheClusterId: 'plain-001' })],
  ['a serverless cache', serverlessSnapshot],
])('uses the customer’s key of %s in the name of whoever asks', async (_, ask) => {
  const asked = (...actions: readonly string[]) => errorOf(region.drive<unknown>(ask(clientWith(...actions))));
  expect(await asked()).toBe('AccessDeniedException');
  expect(await asked('kms:CreateGrant')).toBe('AccessDeniedException');
  expect(await asked('kms:CreateGrant', 'kms:DescribeKey')).toBe('none');
});

it.each([
  ['cloudwatch-logs', ['logs:*'], 'none'],
  ['cloudwatch-logs', ['logs:*LogDelivery', 'logs:ListLogDeliveries'], 'AccessDeniedException'],
  ['kinesis-firehose', ['logs:*LogDelivery', 'logs:ListLogDeliveries'], 'none'],
  ['kinesis-firehose', ['logs:*LogDelivery'], 'AccessDeniedException'],
] as const)(
  'delivers logs to %s only for whoever may set up deliveries: with %j %s',
  async (DestinationType, actions, outcome) => {
    await create('one', { ReplicationGroupId: 'sharded' });
    await region.time.advance(10 * minuteMs);
    const shards = { NodeGroupConfiguration: [{ Slots: '0-8191' }, { Slots: '8192-16383' }] };
    const names = { ReplicationGroupId: 'new', ReplicationGroupDescription: 'new', SnapshotName: 'one', ...shards };
    const command = new CreateReplicationGroupCommand({
      ...names,
      LogDeliveryConfigurations: [{ LogType: 'slow-log', DestinationType, LogFormat: 'json', Enabled: true }],
    });
    expect(await errorOf(region.drive(clientWith(...actions).send(command)))).toBe(outcome);
  },
);

it('offers a version until it has ended, and makes nothing of another, nor of a patch that may not be chosen', async () => {
  const versions = async (Engine: string) => {
    const { CacheEngineVersions } = await region.drive(client.send(new DescribeCacheEngineVersionsCommand({ Engine })));
    return CacheEngineVersions?.map(({ EngineVersion }) => EngineVersion);
  };
  await create('one', { CacheClusterId: 'plain-001' });
  await region.time.advance(10 * minuteMs);
  const names = { ReplicationGroupId: 'new', ReplicationGroupDescription: 'new', SnapshotName: 'one' };
  const make = (EngineVersion: string) =>
    errorOf(
      region.drive(client.send(new CreateReplicationGroupCommand({ ...names, Engine: 'valkey', EngineVersion }))),
    );
  expect(await versions('valkey')).toEqual(['7.2', '8.0']);
  expect(await make('7.2.6')).toBe('InvalidParameterValueException');
  region.services.elasticache.arrange.versionEnded('7.2');
  expect(await versions('valkey')).toEqual(['8.0']);
  expect(await make('7.2')).toBe('InvalidParameterCombinationException');
  expect(await make('8.0')).toBe('none');
  expect(region.services.elasticache.world.nodes.get('new-001')?.nodeSettings.EngineVersion).toBe('8.0.1');
});
