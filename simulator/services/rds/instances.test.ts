import {
  CreateDBInstanceCommand,
  CreateDBSnapshotCommand,
  DescribeAccountAttributesCommand,
  DescribeDBEngineVersionsCommand,
  DescribeDBInstancesCommand,
  DescribePendingMaintenanceActionsCommand,
  ModifyDBInstanceCommand,
  RDSClient,
  RestoreDBClusterToPointInTimeCommand,
  RestoreDBInstanceFromDBSnapshotCommand,
  RestoreDBInstanceToPointInTimeCommand,
} from '@aws-sdk/client-rds';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parsePolicy } from '../../iam/policy.ts';
import { createRegion, type Region } from '../../region.ts';
import { clientSettings } from '../../wire/client-settings.ts';
import { managedKeyArn } from '../key-access.ts';
import type { DatabaseSpec } from './instances.ts';

const minuteMs = 60_000;
let region: Region;
let client: RDSClient;

beforeEach(async () => {
  region = await createRegion({ startMs: Date.UTC(2026, 2, 1, 2), latencyMs: 0 });
  client = new RDSClient({ ...clientSettings(region.gateway, 'AKIAOPERATOR'), maxAttempts: 1 });
});

afterEach(() => region.close());

const refusal = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: Error) => `${error.name}: ${error.message}`,
  );
const described = async (DBInstanceIdentifier: string) => {
  const found = await region.drive(client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier })));
  return found.DBInstances?.[0];
};
async function snapshotOf(spec: Omit<DatabaseSpec, 'name'>): Promise<void> {
  region.services.rds.world.launch({ name: 'orders', ...spec });
  const names = { DBInstanceIdentifier: 'orders', DBSnapshotIdentifier: 'one' };
  await region.drive(client.send(new CreateDBSnapshotCommand(names)));
  await region.time.advance(10 * minuteMs);
}
const restore = (changes: Partial<RestoreDBInstanceFromDBSnapshotCommand['input']> = {}) => {
  const names = { DBInstanceIdentifier: 'new', DBSnapshotIdentifier: 'one' };
  return region.drive(client.send(new RestoreDBInstanceFromDBSnapshotCommand({ ...names, ...changes })));
};

describe('a simulated instance on gp3', () => {
  it.each([
    ['postgres', 399, 3000, 125],
    ['postgres', 400, 12_000, 500],
    ['oracle-ee', 199, 3000, 125],
    ['oracle-ee', 200, 12_000, 500],
    ['sqlserver-se', 4000, 3000, 125],
  ])('shows what nobody has asked for: %s of %i GiB %i IOPS and %i MiB/s', async (engine, size, iops, throughput) => {
    region.services.rds.world.launch({ name: 'orders', engine, settings: { AllocatedStorage: size } });
    expect(await described('orders')).toMatchObject({ Iops: iops, StorageThroughput: throughput });
  });

  it.each([
    ['postgres', 399, 400],
    ['oracle-se2', 199, 200],
  ])('is refused such where they are asked for: %s of %i GiB, less than %i', async (engine, size, least) => {
    await snapshotOf({ engine, settings: { AllocatedStorage: size } });
    const words = `InvalidParameterCombination: You can't specify IOPS or storage throughput for engine ${engine} and a storage size less than ${least}.`;
    expect(await refusal(restore({ StorageType: 'gp3', Iops: 3000 }))).toBe(words);
    expect(await refusal(restore({ StorageThroughput: 125 }))).toBe(words);
    await restore({ StorageType: 'gp3' });
    expect(await described('new')).toMatchObject({ AllocatedStorage: size, Iops: 3000, StorageThroughput: 125 });
  });

  it.each([
    ['postgres', 400, 16_000],
    ['sqlserver-se', 200, 4000],
  ])('has as many as are asked for: %s of %i GiB %i IOPS', async (engine, size, Iops) => {
    await snapshotOf({ engine, settings: { AllocatedStorage: size } });
    await restore({ StorageType: 'gp3', Iops });
    expect(await described('new')).toMatchObject({ StorageType: 'gp3', Iops });
  });
});

it('forgets what it is not told', async () => {
  await snapshotOf({ settings: { DedicatedLogVolume: true, ProcessorFeatures: [{ Name: 'coreCount', Value: '4' }] } });
  await restore();
  const made = await described('new');
  expect(made).toMatchObject({
    ...{ PerformanceInsightsEnabled: false, DatabaseInsightsMode: 'standard', NetworkType: 'IPV4' },
    ...{ DedicatedLogVolume: false, CACertificateIdentifier: 'rds-ca-rsa2048-g1' },
    EngineLifecycleSupport: 'open-source-rds-extended-support',
  });
  expect(made).not.toHaveProperty('PerformanceInsightsKMSKeyId');
  expect(made?.ProcessorFeatures ?? []).toEqual([]);
});

describe('what a simulated instance is encrypted with', () => {
  const key = 'arn:aws:kms:eu-west-1:111122223333:key/orders';
  const through = { StringEquals: { 'kms:ViaService': 'rds.eu-west-1.amazonaws.com' } };
  const granting = {
    ...{ Effect: 'Allow', Action: 'kms:CreateGrant', Resource: key },
    Condition: { ...through, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
  };
  const looking = { Effect: 'Allow', Action: 'kms:DescribeKey', Resource: key, Condition: through };

  /** Each as somebody who may do all to RDS, and to keys what is said. */
  const refusalWith = async (rights: readonly object[], command: 'snapshot' | 'restore'): Promise<string> => {
    const caller = { kind: 'role', arn: 'arn:aws:iam::111122223333:role/one', name: 'one' } as const;
    const all = { Effect: 'Allow', Action: 'rds:*', Resource: '*' };
    const policies = [parsePolicy('inline', { Statement: [all, ...rights] })];
    region.identities.register('AKIAONE', { caller, policies });
    const one = new RDSClient({ ...clientSettings(region.gateway, 'AKIAONE'), maxAttempts: 1 });
    const names = { DBInstanceIdentifier: command === 'snapshot' ? 'orders' : 'new', DBSnapshotIdentifier: 'one' };
    const sent =
      command === 'snapshot'
        ? one.send(new CreateDBSnapshotCommand({ ...names, DBSnapshotIdentifier: 'two' }))
        : one.send(new RestoreDBInstanceFromDBSnapshotCommand(names));
    return (await refusal(region.drive(sent))).split(':')[0] ?? '';
  };

  it.each(['snapshot', 'restore'] as const)(
    'is used in the caller’s name, who needs rights to it: %s',
    async (what) => {
      await snapshotOf({});
      expect(await refusalWith([], what)).toBe('AccessDeniedException');
      expect(await refusalWith([granting], what)).toBe('AccessDeniedException');
      expect(await refusalWith([looking], what)).toBe('AccessDeniedException');
      expect(await refusalWith([granting, looking], what)).toBe('none');
    },
  );

  it.each([
    ['the AWS managed key', () => ({ KmsKeyId: managedKeyArn(region, 'rds') })],
    ['no key', () => ({ KmsKeyId: undefined, StorageEncrypted: false })],
  ])('needs no right where it is %s', async (_, encryption) => {
    const settings = encryption();
    await snapshotOf({ settings });
    expect(await refusalWith([], 'restore')).toBe('none');
    expect(await described('new')).toMatchObject(JSON.parse(JSON.stringify(settings)));
  });
});

describe('what simulated RDS tells of an account', () => {
  const snapshot = (DBSnapshotIdentifier: string) =>
    region.drive(client.send(new CreateDBSnapshotCommand({ DBInstanceIdentifier: 'orders', DBSnapshotIdentifier })));
  const snapshots = async () => {
    const { AccountQuotas = [] } = await region.drive(client.send(new DescribeAccountAttributesCommand({})));
    return AccountQuotas.find(({ AccountQuotaName }) => AccountQuotaName === 'ManualSnapshots');
  };

  it('counts manual snapshots against the quota, and makes none beyond it', async () => {
    region.services.rds.world.launch({ name: 'orders' });
    region.services.rds.arrange.snapshotsOfOthers(99);
    expect(await snapshots()).toMatchObject({ Used: 99, Max: 100 });
    await snapshot('one');
    expect(await snapshots()).toMatchObject({ Used: 100, Max: 100 });
    await region.time.advance(10 * minuteMs);
    expect(await refusal(snapshot('two'))).toContain('SnapshotQuotaExceeded');
  });

  it('counts instances against their quota, those of clusters included, and clusters, and makes none beyond them', async () => {
    const { arrange, world } = region.services.rds;
    world.launchCluster({ name: 'cases' });
    arrange.instancesOfOthers(38);
    arrange.clustersOfOthers(39);
    arrange.storageOfOthers(99_999);
    const { AccountQuotas } = await region.drive(client.send(new DescribeAccountAttributesCommand({})));
    for (const AccountQuotaName of ['DBInstances', 'DBClusters'])
      expect(AccountQuotas).toContainEqual({ AccountQuotaName, Used: 40, Max: 40 });
    expect(AccountQuotas).toContainEqual({ AccountQuotaName: 'AllocatedStorage', Used: 99_999, Max: 100_000 });
    const join = { DBInstanceIdentifier: 'cases-3', DBClusterIdentifier: 'cases', DBInstanceClass: 'db.r6g.large' };
    const joining = client.send(new CreateDBInstanceCommand({ ...join, Engine: 'aurora-postgresql' }));
    expect(await refusal(region.drive(joining))).toContain('InstanceQuotaExceeded');
    const latest = { SourceDBClusterIdentifier: 'cases', UseLatestRestorableTime: true };
    const restoring = new RestoreDBClusterToPointInTimeCommand({ DBClusterIdentifier: 'cases-new', ...latest });
    expect(await refusal(region.drive(client.send(restoring)))).toContain('DBClusterQuotaExceeded');
  });

  it('counts the storage of instances against its quota, without that of clusters', async () => {
    const { arrange, world } = region.services.rds;
    world.launch({ name: 'orders' });
    arrange.storageOfOthers(99_801);
    const latest = { SourceDBInstanceIdentifier: 'orders', UseLatestRestorableTime: true };
    await region.time.advance(600_000);
    const restoring = new RestoreDBInstanceToPointInTimeCommand({ TargetDBInstanceIdentifier: 'new', ...latest });
    expect(await refusal(region.drive(client.send(restoring)))).toContain('StorageQuotaExceeded');
    arrange.storageOfOthers(99_800);
    expect(await region.drive(client.send(restoring))).toBeDefined();
  });

  it('offers a version until it has ended, then shows it to who asks for all, with those that follow it', async () => {
    const versions = async (changes = {}) => {
      const asked = new DescribeDBEngineVersionsCommand({ Engine: 'postgres', EngineVersion: '11.22', ...changes });
      return (await region.drive(client.send(asked))).DBEngineVersions ?? [];
    };
    expect(await versions()).toMatchObject([{ EngineVersion: '11.22', Status: 'available' }]);
    region.services.rds.arrange.versionEnded('11.22', '12.22');
    expect(await versions()).toEqual([]);
    expect(await versions({ IncludeAll: true })).toMatchObject([
      { Status: 'deprecated', ValidUpgradeTarget: [{ EngineVersion: '12.22' }] },
    ]);
  });

  it('tells what waits for maintenance of one resource, with its date where it has one', async () => {
    const arn = 'arn:aws:rds:eu-west-1:111122223333:db:orders';
    const pending = async (ResourceIdentifier: string) => {
      const asked = new DescribePendingMaintenanceActionsCommand({ ResourceIdentifier });
      return (await region.drive(client.send(asked))).PendingMaintenanceActions;
    };
    region.services.rds.arrange.maintenancePending(arn, 'system-update', Date.UTC(2026, 2, 8, 5));
    region.services.rds.arrange.maintenancePending(arn, 'db-upgrade');
    expect(await pending(arn)).toEqual([
      {
        ResourceIdentifier: arn,
        PendingMaintenanceActionDetails: [
          { Action: 'system-update', CurrentApplyDate: new Date(Date.UTC(2026, 2, 8, 5)) },
          { Action: 'db-upgrade' },
        ],
      },
    ]);
    expect((await pending(`${arn}-other`)) ?? []).toEqual([]);
  });
});

describe('a simulated instance that is renamed', () => {
  const rename = (from: string, to: string) => {
    const names = { DBInstanceIdentifier: from, NewDBInstanceIdentifier: to, ApplyImmediately: true };
    return region.drive(client.send(new ModifyDBInstanceCommand(names)));
  };

  it('is available under its old name for a while, the new one pending and free for nobody else; then it is renaming', async () => {
    region.services.rds.world.launch({ name: 'orders' });
    region.services.rds.world.launch({ name: 'others' });
    await rename('orders', 'orders-old');
    const pending = { PendingModifiedValues: { DBInstanceIdentifier: 'orders-old' } };
    expect(await described('orders')).toMatchObject({ DBInstanceStatus: 'available', ...pending });
    expect(await refusal(rename('others', 'orders-old'))).toContain('DBInstanceAlreadyExists');
    expect(await refusal(rename('orders', 'elsewhere'))).toContain('InvalidDBInstanceState');
    await region.time.advance(5_000);
    expect(await described('orders')).toMatchObject({ DBInstanceStatus: 'renaming', ...pending });
    await region.time.advance(2 * minuteMs);
    expect(await described('orders-old')).toMatchObject({ DBInstanceStatus: 'available', PendingModifiedValues: {} });
    expect(await refusal(described('orders'))).toContain('DBInstanceNotFound');
  });
});
