/**
 * A cluster from a cluster snapshot, or from a moment of its continuous backup, beside the present one; then its instances, which no restore makes; then
 * the clusters' names swap, and their endpoints with them, or a CNAME record leads to the new one. The instances keep the names that they were made under.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBClusterFromSnapshot.html
 */

import {
  AddTagsToResourceCommand,
  CreateDBInstanceCommand,
  ModifyDBClusterCommand,
  RemoveTagsFromResourceCommand,
  RestoreDBClusterFromSnapshotCommand,
  type RestoreDBClusterFromSnapshotMessage,
  RestoreDBClusterToPointInTimeCommand,
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
import { type AuroraChange, changesOf } from './changes.ts';
import { type Cluster, clusterOf } from './describe.ts';
import { readerDifference } from './differences.ts';
import { auroraSettings } from './settings-record.ts';
import { snapshotOf } from './snapshots.ts';

const service: ReplacementService<AuroraChange> = {
  kind: 'aurora',
  // Of 63, so that its instances' names have room for a hyphen and an ordinal.
  mostNameCharacters: 60,
  look: async (name) => {
    const found = await clusterOf(name);
    return found && resourceOf(found);
  },
  missing: async (name, settings) => {
    const found = await clusterOf(name);
    return found === undefined ? [] : changesOf(name, found, auroraSettings(settings));
  },
  change: async (name, change) => {
    const { instances = [], cluster } = change;
    // One after the other: the first is the writer.
    for (const instance of instances) {
      await rds().send(new CreateDBInstanceCommand(instance)).catch(unlessCalled('DBInstanceAlreadyExistsFault'));
    }
    if (cluster === undefined) return;
    await rds().send(new ModifyDBClusterCommand({ DBClusterIdentifier: name, ApplyImmediately: true, ...cluster }));
  },
  differences: (settings, name) => {
    const known = auroraSettings(settings);
    return [...readerDifference(known, name), ...known.differences, usersOfThen];
  },
  refusals: async (id) => {
    const snapshot = await snapshotOf(id);
    if (snapshot?.state === 'completed') return [];
    return [`The aurora snapshot ${id} is ${snapshot?.state ?? 'gone'}, and cannot be restored.`];
  },
  needs: (all) => {
    const DBInstances = all.flatMap((settings) => auroraSettings(settings).instances).length;
    return databaseNeeds('aurora', { DBInstances, DBClusters: all.length });
  },
  restore: async (order) => {
    await rds()
      .send(new RestoreDBClusterFromSnapshotCommand(snapshotInput(order)))
      .catch(unlessCalled('DBClusterAlreadyExistsFault'));
  },
  continuous: {
    service: automatedBackups,
    // Engine and version are the source's, and no parameters of this call.
    restore: async ({ id, at }, order) => {
      const whatAndWhen = { SourceDbClusterResourceId: id, RestoreToTime: new Date(at) };
      await rds()
        .send(new RestoreDBClusterToPointInTimeCommand({ ...whatAndWhen, ...settledInput(order) }))
        .catch(unlessCalled('DBClusterAlreadyExistsFault'));
    },
    line: ({ id, at }, name) =>
      `aws rds restore-db-cluster-to-point-in-time --db-cluster-identifier ${name} --source-db-cluster-resource-id ${id} --restore-to-time ${at} (then create-db-instance for each of its instances)`,
    ends: 'Points until now are in its continuous backup: delete it with --no-delete-automated-backups, or they go with it.',
  },
  rename: async (from, to) => {
    const command = { DBClusterIdentifier: from, NewDBClusterIdentifier: to, ApplyImmediately: true };
    // Asked again before the first asking shows: the old name is gone, or the new one taken, by this very change.
    await rds()
      .send(new ModifyDBClusterCommand(command))
      .catch(unlessCalled('DBClusterNotFoundFault', 'DBClusterAlreadyExistsFault'));
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
      `aws rds restore-db-cluster-from-snapshot --db-cluster-identifier ${name} --snapshot-identifier ${snapshotId} --engine … (then create-db-instance for each of its instances)`,
    rename: (from, to) =>
      `aws rds modify-db-cluster --db-cluster-identifier ${from} --new-db-cluster-identifier ${to} --apply-immediately`,
  },
};

export const auroraRestore = replacement(service);

const arnOf = async (name: string): Promise<string> =>
  promised((await clusterOf(name))?.cluster.DBClusterArn, `the DB cluster ${name}`);

/** https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/accessing-monitoring.html */
const broken = [
  'cloning-failed',
  'failed',
  'inaccessible-encryption-credentials',
  'incompatible-network',
  'incompatible-parameters',
  'incompatible-restore',
  'migration-failed',
];

/** No better than the worst of its instances. */
function resourceOf({ cluster, instances }: Cluster): Resource {
  const { DbClusterResourceId: id = '', Status = 'unknown', Endpoint: Address, Port } = cluster;
  const lacking = instances.find(({ DBInstanceStatus = 'unknown' }) => DBInstanceStatus !== 'available');
  const word = Status === 'available' ? (lacking?.DBInstanceStatus ?? 'available') : Status;
  const isOfInstance = Status === 'available' && lacking !== undefined;
  const resource = {
    id,
    state: word === 'available' ? 'ready' : broken.includes(word) ? 'broken' : 'passing',
    words: isOfInstance ? `available, but its instance ${lacking.DBInstanceIdentifier} is ${word}` : word,
    ...endpointOf({ Address, Port }),
  } as const;
  return beforeRenaming(resource, cluster.DBClusterIdentifier, cluster.PendingModifiedValues?.DBClusterIdentifier);
}

/** Without EngineVersion it would be of the Region's default version. */
function snapshotInput(order: Order): RestoreDBClusterFromSnapshotMessage {
  const { engine, engineVersion } = auroraSettings(order.settings);
  const whatAndHow = { SnapshotIdentifier: order.snapshotId, Engine: engine, EngineVersion: engineVersion };
  return { ...whatAndHow, ...settledInput(order) };
}

/** All that both calls take of what they would else set to a default. */
function settledInput({ name, settings, tags }: Order) {
  const known = auroraSettings(settings);
  return {
    DBClusterIdentifier: name,
    VpcSecurityGroupIds: [...known.securityGroupIds],
    DeletionProtection: known.deletionProtection,
    EnableIAMDatabaseAuthentication: known.iamAuthentication,
    EnableCloudwatchLogsExports: [...known.logExports],
    CopyTagsToSnapshot: known.copyTagsToSnapshot,
    BackupRetentionPeriod: known.backupRetentionDays,
    ...(known.subnetGroup === undefined ? {} : { DBSubnetGroupName: known.subnetGroup }),
    ...(known.parameterGroup === undefined ? {} : { DBClusterParameterGroupName: known.parameterGroup }),
    ...(known.port === undefined ? {} : { Port: known.port }),
    ...(known.storageType === undefined ? {} : { StorageType: known.storageType }),
    ...(known.networkType === undefined ? {} : { NetworkType: known.networkType }),
    EngineLifecycleSupport: known.engineLifecycleSupport,
    ...(known.backtrackSeconds === undefined ? {} : { BacktrackWindow: known.backtrackSeconds }),
    ...(known.serverlessCapacity === undefined ? {} : { ServerlessV2ScalingConfiguration: known.serverlessCapacity }),
    ...(known.backupWindow === undefined ? {} : { PreferredBackupWindow: known.backupWindow }),
    Tags: tagList({ ...known.tags, ...tags }),
  };
}
