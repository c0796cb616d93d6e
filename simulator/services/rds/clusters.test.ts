import {
  CreateDBClusterSnapshotCommand,
  CreateDBInstanceCommand,
  DeleteDBClusterSnapshotCommand,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  ModifyDBClusterCommand,
  RDSClient,
  RestoreDBClusterFromSnapshotCommand,
} from '@aws-sdk/client-rds';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGateway } from '../../gateway.ts';
import { createIdentities } from '../../iam/identity.ts';
import { createKernel } from '../../kernel/create-kernel.ts';
import { installVirtualTime, type VirtualTime } from '../../kernel/virtual-time.ts';
import { clientSettings } from '../../wire/client-settings.ts';
import { createRds, type RdsService } from './rds.ts';

let time: VirtualTime;
let rds: RdsService;
let client: RDSClient;

beforeEach(() => {
  time = installVirtualTime({ startMs: Date.parse('2026-03-01T02:00:00Z') });
  const kernel = createKernel({ seed: 1 });
  rds = createRds(kernel);
  client = new RDSClient(
    clientSettings(createGateway(kernel, [rds], createIdentities(kernel.account), { latencyMs: 0 })),
  );
  rds.world.launchCluster({ name: 'orders', tags: { team: 'orders' } });
});

afterEach(() => time.uninstall());

const refusal = (promise: Promise<unknown>): Promise<string> =>
  time.drive(
    promise.then(
      () => 'none',
      (error: Error) => error.name,
    ),
  );

const snapshotId = { DBClusterSnapshotIdentifier: 'one' };
const take = () => client.send(new CreateDBClusterSnapshotCommand({ DBClusterIdentifier: 'orders', ...snapshotId }));
const seen = async () =>
  (await time.drive(client.send(new DescribeDBClusterSnapshotsCommand(snapshotId)))).DBClusterSnapshots?.[0];
const clusterNamed = async (DBClusterIdentifier: string) =>
  (await time.drive(client.send(new DescribeDBClustersCommand({ DBClusterIdentifier })))).DBClusters?.[0];
const instancesOf = async (name: string) => {
  const of = new DescribeDBInstancesCommand({ Filters: [{ Name: 'db-cluster-id', Values: [name] }] });
  return (await time.drive(client.send(of))).DBInstances ?? [];
};
const restore = (changes = {}) =>
  client.send(
    new RestoreDBClusterFromSnapshotCommand({
      ...{ DBClusterIdentifier: 'new', SnapshotIdentifier: 'one', Engine: 'aurora-postgresql' },
      ...changes,
    }),
  );

describe('a snapshot of a simulated cluster', () => {
  it('never tells the time of the last transaction inside', async () => {
    await time.drive(take());
    await time.advance(600_000);
    const snapshot = await seen();
    expect(snapshot).toMatchObject({ Status: 'available', SnapshotCreateTime: expect.any(Date) });
    expect(snapshot).not.toHaveProperty('SnapshotDatabaseTime');
  });

  it('has what was written by the moments after the call', async () => {
    rds.world.cluster('orders').rows.push('before');
    await time.drive(take());
    rds.world.cluster('orders').rows.push('moments after');
    await time.advance(600_000);
    rds.world.cluster('orders').rows.push('later');
    expect(rds.world.clusterSnapshots.get('one')?.rows).toEqual(['before', 'moments after']);
  });

  it('is one a name, and one at a time', async () => {
    await time.drive(take());
    expect(await refusal(take())).toBe('DBClusterSnapshotAlreadyExistsFault');
    const other = new CreateDBClusterSnapshotCommand({
      DBClusterIdentifier: 'orders',
      DBClusterSnapshotIdentifier: 'two',
    });
    expect(await refusal(client.send(other))).toBe('InvalidDBClusterStateFault');
  });

  it('has a name of at most 63 characters', async () => {
    const long = { DBClusterIdentifier: 'orders', DBClusterSnapshotIdentifier: 'a'.repeat(64) };
    expect(await refusal(client.send(new CreateDBClusterSnapshotCommand(long)))).toBe('InvalidParameterValue');
  });

  it('can be deleted or restored only when it is there', async () => {
    await time.drive(take());
    const remove = () => client.send(new DeleteDBClusterSnapshotCommand(snapshotId));
    expect(await refusal(remove())).toBe('InvalidDBClusterSnapshotStateFault');
    expect(await refusal(restore())).toBe('InvalidDBClusterSnapshotStateFault');
    await time.advance(600_000);
    expect(await refusal(remove())).toBe('none');
    expect(await refusal(remove())).toBe('DBClusterSnapshotNotFoundFault');
  });
});

describe('a simulated cluster', () => {
  beforeEach(async () => {
    await time.drive(take());
    await time.advance(600_000);
  });

  it('is restored without instances, of the Region’s default version unless told, and with defaults else', async () => {
    await time.drive(restore());
    expect(await clusterNamed('new')).toMatchObject({ Status: 'creating' });
    await time.advance(600_000);
    expect(await clusterNamed('new')).toMatchObject({
      ...{ Status: 'available', EngineVersion: '16.6', DeletionProtection: false, DBClusterMembers: [] },
    });
    expect(await instancesOf('new')).toEqual([]);
  });

  it('gets instances once it is available, the first of them its writer', async () => {
    await time.drive(restore());
    const join = (ordinal: number) =>
      client.send(
        new CreateDBInstanceCommand({
          ...{ DBInstanceIdentifier: `new-${ordinal}`, DBClusterIdentifier: 'new' },
          ...{ DBInstanceClass: 'db.r6g.large', Engine: 'aurora-postgresql' },
        }),
      );
    expect(await refusal(join(1))).toBe('InvalidDBClusterStateFault');
    await time.advance(600_000);
    await time.drive(join(1));
    await time.drive(join(2));
    expect(await refusal(join(1))).toBe('DBInstanceAlreadyExistsFault');
    expect((await clusterNamed('new'))?.DBClusterMembers).toMatchObject([
      { DBInstanceIdentifier: 'new-1', IsClusterWriter: true },
      { DBInstanceIdentifier: 'new-2', IsClusterWriter: false },
    ]);
    expect(await instancesOf('new')).toMatchObject([
      { DBInstanceStatus: 'creating' },
      { DBInstanceStatus: 'creating' },
    ]);
  });

  it('keeps its id and its instances’ names when it is renamed, a while after it was asked, and has another endpoint', async () => {
    const before = await clusterNamed('orders');
    const to = { NewDBClusterIdentifier: 'orders-old', ApplyImmediately: true };
    const rename = () => client.send(new ModifyDBClusterCommand({ DBClusterIdentifier: 'orders', ...to }));
    await time.drive(rename());
    expect(await clusterNamed('orders')).toMatchObject({
      Status: 'available',
      PendingModifiedValues: { DBClusterIdentifier: 'orders-old' },
    });
    expect(await refusal(rename())).toBe('InvalidDBClusterStateFault');
    await time.advance(5_000);
    expect((await clusterNamed('orders'))?.Status).toBe('renaming');
    await time.advance(120_000);
    expect(await refusal(clusterNamed('orders'))).toBe('DBClusterNotFoundFault');
    expect(await clusterNamed('orders-old')).not.toHaveProperty('PendingModifiedValues');
    const after = await clusterNamed('orders-old');
    expect(after?.DbClusterResourceId).toBe(before?.DbClusterResourceId);
    expect(after?.Endpoint).toContain('orders-old.cluster-');
    expect((await instancesOf('orders-old')).map((each) => each.DBInstanceIdentifier)).toEqual([
      'orders-1',
      'orders-2',
    ]);
  });
});
