/** Service Authorization Reference, RDS: resource types of each action, and the tags that conditions see. */
import type * as Rds from '@aws-sdk/client-rds';
import type { Access } from '../../kernel/service.ts';
import type { RdsContext } from './context.ts';

type Named = Partial<
  Rds.RestoreDBInstanceFromDBSnapshotMessage &
    Rds.RestoreDBInstanceToPointInTimeMessage &
    Rds.RestoreDBClusterToPointInTimeMessage &
    Rds.RestoreDBClusterFromSnapshotMessage &
    Rds.ModifyDBInstanceMessage &
    Rds.ModifyDBClusterMessage &
    Rds.DeleteDBClusterSnapshotMessage &
    Rds.AddTagsToResourceMessage &
    Rds.CopyDBSnapshotMessage &
    Rds.CopyDBClusterSnapshotMessage &
    Rds.DescribePendingMaintenanceActionsMessage
>;

/** ARNs of what an action is done to; the first is what it makes, where it makes something. */
type Resources = (input: Named) => readonly string[];

/** Without a name it is any of them. */
function resourcesOf(arnOf: RdsContext['arnOf']): Readonly<Record<string, Resources>> {
  const instance: Resources = ({ DBInstanceIdentifier: name = '*' }) => [arnOf('db', name)];
  const cluster: Resources = ({ DBClusterIdentifier: name = '*' }) => [arnOf('cluster', name)];
  const snapshot: Resources = ({ DBSnapshotIdentifier: name = '*' }) => [arnOf('snapshot', name)];
  /** Its id is the service's own, and no request has it. */
  const automatedBackup: Resources = () => [arnOf('auto-backup', 'ab-0123456789ABCDEFGHIJKLMNOP')];
  const clusterBackup: Resources = () => [arnOf('cluster-auto-backup', 'ab-0123456789ABCDEFGHIJKLMNOP')];
  const target: Resources = ({ TargetDBInstanceIdentifier: name = '*' }) => [arnOf('db', name)];
  const clusterSnapshot: Resources = ({ DBClusterSnapshotIdentifier, SnapshotIdentifier }) => [
    arnOf('cluster-snapshot', DBClusterSnapshotIdentifier ?? SnapshotIdentifier ?? '*'),
  ];
  const groups: Resources = ({ OptionGroupName: options = 'default', DBSubnetGroupName: subnets = 'default' }) => [
    arnOf('og', options),
    arnOf('subgrp', subnets),
  ];
  const parameters: Resources = ({ DBParameterGroupName: name = 'default' }) => [arnOf('pg', name)];
  const clusterParameters: Resources = ({ DBClusterParameterGroupName: name = 'default' }) => [
    arnOf('cluster-pg', name),
  ];
  const renamed: Resources = ({ NewDBInstanceIdentifier: name }) => (name === undefined ? [] : [arnOf('db', name)]);
  const renamedCluster: Resources = ({ NewDBClusterIdentifier: name }) =>
    name === undefined ? [] : [arnOf('cluster', name)];
  const all =
    (...parts: readonly Resources[]): Resources =>
    (input) =>
      parts.flatMap((part) => part(input));
  return {
    DescribeOptionGroups: ({ OptionGroupName: name = '*' }) => [arnOf('og', name)],
    DescribeDBInstances: instance,
    DescribeDBSnapshots: snapshot,
    CreateDBSnapshot: all(snapshot, instance),
    // Of the source its Region knows the tags, and not this one (assumed).
    CopyDBSnapshot: ({ TargetDBSnapshotIdentifier: name = '*', SourceDBSnapshotIdentifier: source = '*' }) => [
      arnOf('snapshot', name),
      source,
    ],
    DeleteDBSnapshot: snapshot,
    RestoreDBInstanceFromDBSnapshot: all(instance, snapshot, groups, parameters),
    // IAM knows two resource types of it, and AWS does not say which is asked for when.
    DescribeDBInstanceAutomatedBackups: all(automatedBackup, instance),
    RestoreDBInstanceToPointInTime: all(target, automatedBackup, groups, parameters),
    DeleteDBInstance: instance,
    ModifyDBInstance: all(instance, renamed),
    CreateDBInstance: all(instance, cluster, groups, parameters),
    DescribeDBClusters: cluster,
    DescribeDBClusterSnapshots: clusterSnapshot,
    CreateDBClusterSnapshot: all(clusterSnapshot, cluster),
    CopyDBClusterSnapshot: (input) => [
      arnOf('cluster-snapshot', input.TargetDBClusterSnapshotIdentifier ?? '*'),
      input.SourceDBClusterSnapshotIdentifier ?? '*',
    ],
    DeleteDBClusterSnapshot: clusterSnapshot,
    RestoreDBClusterFromSnapshot: all(cluster, clusterSnapshot, groups, clusterParameters),
    DescribeDBClusterAutomatedBackups: all(clusterBackup, cluster),
    RestoreDBClusterToPointInTime: all(cluster, clusterBackup, groups, clusterParameters),
    ModifyDBCluster: all(cluster, renamedCluster),
    DescribePendingMaintenanceActions: ({ ResourceIdentifier = '*' }) => [ResourceIdentifier],
    AddTagsToResource: ({ ResourceName = '*' }) => [ResourceName],
    RemoveTagsFromResource: ({ ResourceName = '*' }) => [ResourceName],
  };
}

export function rdsAccess(
  { arnOf }: RdsContext,
  tagsOf: (resourceArn: string) => ReadonlyMap<string, string> | undefined,
  operation: string,
  input: Named,
): readonly Access[] {
  const resources = resourcesOf(arnOf)[operation]?.(input) ?? ['*'];
  const { Tags = [] } = input;
  const asked = Object.fromEntries(Tags.map(({ Key, Value = '' }) => [`aws:RequestTag/${Key}`, Value]));
  const on = (resource: string, action: string): Access => ({
    ...{ action, resource },
    context: {
      ...asked,
      ...Object.fromEntries([...(tagsOf(resource) ?? [])].map(([key, value]) => [`aws:ResourceTag/${key}`, value])),
    },
  });
  const isTagged = Tags.length > 0 && operation !== 'AddTagsToResource';
  return [
    ...resources.map((resource) => on(resource, `rds:${operation}`)),
    ...resources.slice(0, isTagged ? 1 : 0).map((made) => on(made, 'rds:AddTagsToResource')),
  ];
}
