/**
 * A DB instance from a snapshot, or from a moment of its automated backups, beside the present one; then the names swap, and the endpoint with them,
 * since its host name is made of the name, or a CNAME record leads to the new one. https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBInstanceFromDBSnapshot.html
 */
import {
  AddTagsToResourceCommand,
  type DBInstance,
  DescribeDBSnapshotsCommand,
  ModifyDBInstanceCommand,
  RemoveTagsFromResourceCommand,
  RestoreDBInstanceFromDBSnapshotCommand,
  type RestoreDBInstanceFromDBSnapshotMessage,
  RestoreDBInstanceToPointInTimeCommand,
} from '@aws-sdk/client-rds';
import { unlessCalled } from '#platform/aws-errors.ts';
import { rds } from '#platform/clients/rds.ts';
import { endpointOf } from '../endpoint.ts';
import { promised } from '../promised.ts';
import { beforeRenaming } from '../rds-renaming.ts';
import { databaseNeeds } from '../rds-room.ts';
import { usersOfThen } from '../rds-users.ts';
import { replacement } from '../replacement/replacement.ts';
import type { Order, ReplacementService, Resource } from '../replacement/replacement-service.ts';
import { tagList } from '../tag-list.ts';
import { automatedBackups } from './automated-backups.ts';
import { changesOf, type RdsChange } from './changes.ts';
import { rdsSettings } from './settings-record.ts';
import { instanceOf } from './snapshots.ts';
import { performanceOf } from './storage.ts';

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html#Overview.DBInstance.Status */
const broken = [
  'failed',
  'incompatible-restore',
  'incompatible-parameters',
  'incompatible-network',
  'incompatible-option-group',
  'restore-error',
  'storage-full',
  'inaccessible-encryption-credentials',
];

const service: ReplacementService<RdsChange> = {
  kind: 'rds',
  mostNameCharacters: 63,
  look: async (name) => {
    const instance = await instanceOf(name);
    return instance && resourceOf(instance);
  },
  missing: async (name, settings) => {
    const instance = await instanceOf(name);
    return instance === undefined ? [] : changesOf(instance, rdsSettings(settings));
  },
  change: async (name, change) => {
    const { what: _, ...parameters } = change;
    await rds().send(
      new ModifyDBInstanceCommand({ DBInstanceIdentifier: name, ApplyImmediately: true, ...parameters }),
    );
  },
  differences: (settings) => [...rdsSettings(settings).differences, usersOfThen],
  refusals: async (id) => {
    const found = await rds()
      .send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: id }))
      .catch(unlessCalled('DBSnapshotNotFoundFault'));
    const status = found?.DBSnapshots?.[0]?.Status;
    return status === 'available' ? [] : [`The rds snapshot ${id} is ${status ?? 'gone'}, and cannot be restored.`];
  },
  needs: (all) => {
    const sizes = all.map((settings) => rdsSettings(settings).allocatedStorageGib ?? 0);
    const AllocatedStorage = sizes.reduce((sum, size) => sum + size, 0);
    return databaseNeeds('rds', { DBInstances: all.length, AllocatedStorage });
  },
  restore: async (order) => {
    await rds()
      .send(
        new RestoreDBInstanceFromDBSnapshotCommand({
          ...{ DBInstanceIdentifier: order.name, DBSnapshotIdentifier: order.snapshotId },
          ...restoreInput(order),
        }),
      )
      .catch(unlessCalled('DBInstanceAlreadyExistsFault'));
  },
  continuous: {
    service: automatedBackups,
    restore: async ({ id, at }, order) => {
      await rds()
        .send(
          new RestoreDBInstanceToPointInTimeCommand({
            ...{ TargetDBInstanceIdentifier: order.name, SourceDbiResourceId: id, RestoreTime: new Date(at) },
            ...restoreInput(order),
          }),
        )
        .catch(unlessCalled('DBInstanceAlreadyExistsFault'));
    },
    line: ({ id, at }, name) =>
      `aws rds restore-db-instance-to-point-in-time --target-db-instance-identifier ${name} --source-dbi-resource-id ${id} --restore-time ${at}`,
    ends: 'Points until now are in its automated backups: delete it with --no-delete-automated-backups, or they go with it.',
  },
  rename: async (from, to) => {
    const command = { DBInstanceIdentifier: from, NewDBInstanceIdentifier: to, ApplyImmediately: true };
    // Asked again before the first asking shows: the old name is gone, or the new one taken, by this very change.
    await rds()
      .send(new ModifyDBInstanceCommand(command))
      .catch(unlessCalled('DBInstanceNotFoundFault', 'DBInstanceAlreadyExistsFault'));
  },
  mark: async (name, tags) => {
    const command = { ResourceName: await arnOf(name), Tags: tagList(tags) };
    await rds().send(new AddTagsToResourceCommand(command));
  },
  unmark: async (name, keys) => {
    const command = { ResourceName: await arnOf(name), TagKeys: [...keys] };
    await rds().send(new RemoveTagsFromResourceCommand(command));
  },
  lines: {
    restore: ({ name, snapshotId }) =>
      `aws rds restore-db-instance-from-db-snapshot --db-instance-identifier ${name} --db-snapshot-identifier ${snapshotId}`,
    rename: (from, to) =>
      `aws rds modify-db-instance --db-instance-identifier ${from} --new-db-instance-identifier ${to} --apply-immediately`,
  },
};

export const rdsRestore = replacement(service);

const arnOf = async (name: string): Promise<string> =>
  promised((await instanceOf(name))?.DBInstanceArn, `the DB instance ${name}`);

function resourceOf(instance: DBInstance): Resource {
  const { DbiResourceId = '', DBInstanceStatus: words = 'unknown', Endpoint, PendingModifiedValues } = instance;
  const isReady = words === 'available' || words === 'storage-optimization';
  const state = isReady ? 'ready' : broken.includes(words) ? 'broken' : 'passing';
  const resource = { id: DbiResourceId, state, words, ...endpointOf(Endpoint) } as const;
  return beforeRenaming(resource, instance.DBInstanceIdentifier, PendingModifiedValues?.DBInstanceIdentifier);
}

type Settled = Omit<RestoreDBInstanceFromDBSnapshotMessage, 'DBInstanceIdentifier' | 'DBSnapshotIdentifier'>;

/** All that both calls take of what they would else set to a default. With Tags of our own they do not take those of the source. */
function restoreInput({ settings, tags }: Order): Settled {
  const known = rdsSettings(settings);
  return {
    DBInstanceClass: known.instanceClass,
    MultiAZ: known.multiAz,
    PubliclyAccessible: known.publiclyAccessible,
    DeletionProtection: known.deletionProtection,
    EnableIAMDatabaseAuthentication: known.iamAuthentication,
    EnableCloudwatchLogsExports: [...known.logExports],
    CopyTagsToSnapshot: known.copyTagsToSnapshot,
    AutoMinorVersionUpgrade: known.autoMinorVersionUpgrade,
    VpcSecurityGroupIds: [...known.securityGroupIds],
    ...(known.subnetGroup === undefined ? {} : { DBSubnetGroupName: known.subnetGroup }),
    ...(known.parameterGroup === undefined ? {} : { DBParameterGroupName: known.parameterGroup }),
    ...(known.optionGroup === undefined ? {} : { OptionGroupName: known.optionGroup }),
    ...(known.port === undefined ? {} : { Port: known.port }),
    ...(known.storageType === undefined ? {} : { StorageType: known.storageType }),
    ...performanceOf(known),
    NetworkType: known.networkType,
    DedicatedLogVolume: known.dedicatedLogVolume,
    CACertificateIdentifier: known.certificateAuthority,
    ...(known.processorFeatures === undefined ? {} : { ProcessorFeatures: [...known.processorFeatures] }),
    EngineLifecycleSupport: known.engineLifecycleSupport,
    Tags: tagList({ ...known.tags, ...tags }),
  };
}
