import {
  CreateClusterCommand,
  CreateSnapshotCommand,
  DeleteSnapshotCommand,
  DescribeClustersCommand,
  DescribeEngineVersionsCommand,
  DescribeSnapshotsCommand,
  MemoryDBClient,
  paginateDescribeSnapshots,
  type Snapshot,
  UpdateClusterCommand,
} from '@aws-sdk/client-memorydb';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parsePolicy } from '../../iam/policy.ts';
import { createRegion, type Region } from '../../region.ts';
import { clientSettings } from '../../wire/client-settings.ts';

const minuteMs = 60_000;
const startMs = Date.UTC(2026, 0, 15, 3);
let region: Region;
let client: MemoryDBClient;

beforeEach(async () => {
  region = await createRegion({ startMs, latencyMs: 0 });
  client = clientOf('AKIAOPERATOR');
  world().launch({ name: 'orders', shards: 2 });
});

afterEach(() => region.close());

const clientOf = (accessKeyId: string) =>
  new MemoryDBClient({ ...clientSettings(region.gateway, accessKeyId), maxAttempts: 1 });
const world = () => region.services.memorydb.world;
const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: Error) => error.name,
  );
const Tags = [{ Key: 'stack', Value: 'ours' }];
const create = (SnapshotName: string, by = client) =>
  region.drive(by.send(new CreateSnapshotCommand({ ClusterName: 'orders', SnapshotName, Tags })));
const remove = (SnapshotName: string) => region.drive(client.send(new DeleteSnapshotCommand({ SnapshotName })));

async function shown(SnapshotName: string, ShowDetail = true): Promise<Snapshot> {
  const { Snapshots } = await region.drive(client.send(new DescribeSnapshotsCommand({ SnapshotName, ShowDetail })));
  return Snapshots?.[0] ?? {};
}

it('makes one snapshot of a cluster at a time, under a name that is free', async () => {
  await create('one');
  expect(world().clusters.get('orders')?.status).toBe('snapshotting');
  expect(await errorOf(create('two'))).toBe('InvalidClusterStateFault');
  await region.time.advance(5 * minuteMs);
  expect(world().clusters.get('orders')?.status).toBe('available');
  expect(await errorOf(create('one'))).toBe('SnapshotAlreadyExistsFault');
  expect(await errorOf(create('Two--'))).toBe('InvalidParameterValueException');
  await create('two');
});

it('may be said to be available while a snapshot is made, and makes no other all the same', async () => {
  region.services.memorydb.arrange.saysNothingOfSnapshots('orders');
  await create('one');
  const { Clusters } = await region.drive(client.send(new DescribeClustersCommand({ ClusterName: 'orders' })));
  expect(Clusters?.[0]?.Status).toBe('available');
  expect(await errorOf(create('two'))).toBe('InvalidClusterStateFault');
});

it('copies each shard at a moment of its own, and tells it only when asked for details', async () => {
  world().clusters.get('orders')?.shards[1]?.push('before');
  await create('one');
  await region.time.advance(12_000);
  world().clusters.get('orders')?.shards[1]?.push('after');
  const { ClusterConfiguration } = await shown('one');
  const times = (ClusterConfiguration?.Shards ?? []).map(({ SnapshotCreationTime }) => SnapshotCreationTime?.getTime());
  expect(times).toEqual([5000, 10_000].map((ms) => startMs + ms));
  expect((await shown('one', false)).ClusterConfiguration?.Shards).toBeUndefined();
  expect(world().snapshots.get('one')?.shards[1]?.rows).toEqual(['before']);
});

it('makes 20 snapshots of a cluster in 24 hours, those that were deleted too', async () => {
  for (let at = 0; at < 20; at += 1) {
    await create(`s-${at}`);
    await region.time.advance(5 * minuteMs);
    await remove(`s-${at}`);
  }
  expect(await errorOf(create('one-more'))).toBe('SnapshotQuotaExceededFault');
  await region.time.advance(23 * 60 * minuteMs);
  await create('one-more');
});

it('deletes no snapshot that is made or deleted already; one that is being deleted is still seen', async () => {
  await create('one');
  expect(await errorOf(remove('one'))).toBe('InvalidSnapshotStateFault');
  await region.time.advance(5 * minuteMs);
  await remove('one');
  expect((await shown('one')).Status).toBe('deleting');
  expect(await errorOf(remove('one'))).toBe('InvalidSnapshotStateFault');
  await region.time.advance(minuteMs);
  expect(await errorOf(shown('one'))).toBe('SnapshotNotFoundFault');
});

it('lists snapshots in pages of 50', async () => {
  for (let day = 0; day < 3; day += 1) {
    for (let at = 0; at < 18; at += 1) {
      await create(`s-${day}-${at}`);
      await region.time.advance(5 * minuteMs);
    }
    await region.time.advance(23 * 60 * minuteMs);
  }
  const pages: unknown[] = [];
  const read = async () => {
    for await (const { Snapshots } of paginateDescribeSnapshots({ client }, {})) pages.push(Snapshots?.length);
  };
  await region.drive(read());
  expect(pages).toEqual([50, 4]);
});

it('asks for the right to tag what is made with tags, and to use the customer’s key', async () => {
  const cluster = 'arn:aws:memorydb:*:*:cluster/*';
  const caller = { kind: 'role', arn: 'arn:aws:iam::111122223333:role/one', name: 'one' } as const;
  const making = { Effect: 'Allow', Action: 'memorydb:CreateSnapshot', Resource: cluster };
  const tagging = { Effect: 'Allow', Action: 'memorydb:TagResource', Resource: 'arn:aws:memorydb:*:*:snapshot/one' };
  const using = {
    Effect: 'Allow',
    Action: ['kms:CreateGrant', 'kms:DescribeKey'],
    Resource: 'arn:aws:kms:*:*:key/orders',
  };
  const rights = { AKIAONE: [making, using], AKIATWO: [making, tagging, using], AKIATHREE: [making, tagging] };
  for (const [id, Statement] of Object.entries(rights))
    region.identities.register(id, { caller, policies: [parsePolicy('inline', { Statement })] });
  expect(await errorOf(create('one', clientOf('AKIAONE')))).toBe('AccessDeniedException');
  expect(await errorOf(create('two', clientOf('AKIATWO')))).toBe('AccessDeniedException');
  expect(await errorOf(create('one', clientOf('AKIATHREE')))).toBe('AccessDeniedException');
  await create('one', clientOf('AKIATWO'));
});

const update = (changes: Partial<UpdateClusterCommand['input']>) =>
  region.drive(client.send(new UpdateClusterCommand({ ClusterName: 'orders', ...changes })));

it('keeps automatic snapshots 0 to 35 days, begun in an hour or more that maintenance leaves free', async () => {
  await update({ SnapshotRetentionLimit: 0, SnapshotWindow: '23:30-00:30' });
  expect(world().clusters.get('orders')?.settings).toMatchObject({
    ...{ SnapshotRetentionLimit: 0, SnapshotWindow: '23:30-00:30', MaintenanceWindow: 'sun:06:00-sun:07:00' },
  });
  const refused: Partial<UpdateClusterCommand['input']>[] = [
    { SnapshotRetentionLimit: 36 },
    { SnapshotRetentionLimit: -1 },
    { SnapshotWindow: '05:00' },
    { SnapshotWindow: '25:00-26:00' },
    { SnapshotWindow: '05:00-05:59' },
    { SnapshotWindow: '05:01-06:01' },
    { SnapshotWindow: '06:59-07:59' },
    { SnapshotWindow: '23:00-06:30' },
    { MaintenanceWindow: 'sun:23:00-mon:00:00' },
  ];
  for (const changes of refused) expect(await errorOf(update(changes))).toBe('InvalidParameterValueException');
  expect(world().clusters.get('orders')?.settings.SnapshotWindow).toBe('23:30-00:30');
  await update({ SnapshotRetentionLimit: 35, SnapshotWindow: '07:00-08:00' });
  await create('one');
  expect(await errorOf(update({ SnapshotRetentionLimit: 7 }))).toBe('InvalidClusterStateFault');
});

it('offers a version until it has ended, and makes nothing of another', async () => {
  const versions = async () => {
    const asked = new DescribeEngineVersionsCommand({ Engine: 'valkey' });
    return (await region.drive(client.send(asked))).EngineVersions?.map(({ EngineVersion }) => EngineVersion);
  };
  await create('one');
  await region.time.advance(5 * minuteMs);
  const made = { ClusterName: 'new', SnapshotName: 'one', NodeType: 'db.r7g.large', ACLName: 'open-access' };
  const make = (EngineVersion: string) =>
    errorOf(region.drive(client.send(new CreateClusterCommand({ ...made, Engine: 'valkey', EngineVersion }))));
  expect(await versions()).toEqual(['7.2', '7.3']);
  region.services.memorydb.arrange.versionEnded('7.2');
  expect(await versions()).toEqual(['7.3']);
  expect(await make('7.2')).toBe('InvalidParameterValueException');
  expect(await make('7.3')).toBe('none');
});
