/** Which keys a call has RDS use: that of what is made or changed, which is its source's, and that of its Performance Insights. */
import type * as Rds from '@aws-sdk/client-rds';
import type { Access, Kernel } from '../../kernel/service.ts';
import { keyAccess } from '../key-access.ts';
import type { createClusterSnapshots } from './cluster-snapshots.ts';
import type { Clusters } from './clusters.ts';
import type { Copies } from './copies.ts';
import type { Instances } from './instances.ts';
import type { createSnapshots } from './snapshots.ts';

interface Parts {
  readonly instances: Instances;
  readonly snapshots: ReturnType<typeof createSnapshots>;
  readonly clusters: Clusters;
  readonly clusterSnapshots: ReturnType<typeof createClusterSnapshots>;
}

type Named = Partial<
  Rds.RestoreDBInstanceFromDBSnapshotMessage &
    Rds.RestoreDBInstanceToPointInTimeMessage &
    Rds.RestoreDBClusterFromSnapshotMessage &
    Rds.RestoreDBClusterToPointInTimeMessage &
    Rds.ModifyDBInstanceMessage &
    Rds.CopyDBSnapshotMessage &
    Rds.CopyDBClusterSnapshotMessage
>;

export function createKeys({ instances, snapshots, clusters, clusterSnapshots }: Parts) {
  const instance = ({ DBInstanceIdentifier: name = '' }: Named) => instances.all.get(name)?.settings.KmsKeyId;
  const cluster = ({ DBClusterIdentifier: name = '' }: Named) => clusters.all.get(name)?.settings.KmsKeyId;
  const sourceOf = ({ SourceDBInstanceIdentifier: name, SourceDbiResourceId: id }: Named) =>
    [...instances.all.values()].find((each) => each.name === name || each.resourceId === id)?.settings.KmsKeyId;
  const sourceCluster = ({ SourceDBClusterIdentifier: name, SourceDbClusterResourceId: id }: Named) =>
    [...clusters.all.values()].find((each) => each.name === name || each.resourceId === id)?.settings.KmsKeyId;
  const ofOperation: Readonly<Record<string, (input: Named) => string | undefined>> = {
    CreateDBSnapshot: instance,
    ModifyDBInstance: instance,
    RestoreDBInstanceFromDBSnapshot: ({ DBSnapshotIdentifier: name = '' }) =>
      snapshots.all.get(name)?.settings.KmsKeyId,
    RestoreDBInstanceToPointInTime: sourceOf,
    CreateDBInstance: cluster,
    CreateDBClusterSnapshot: cluster,
    ModifyDBCluster: cluster,
    RestoreDBClusterFromSnapshot: ({ SnapshotIdentifier: name = '' }) => clusterSnapshots.all.get(name)?.keyArn,
    RestoreDBClusterToPointInTime: sourceCluster,
    CopyDBSnapshot: ({ KmsKeyId }) => KmsKeyId,
    CopyDBClusterSnapshot: ({ KmsKeyId }) => KmsKeyId,
  };
  return (operation: string, input: Named): readonly (string | undefined)[] => [
    ofOperation[operation]?.(input),
    input.PerformanceInsightsKMSKeyId,
  ];
}

/** That of what is copied from another Region is used there. */
export function sourceKeyAccess({ account }: Kernel, copies: Copies, input: Named): readonly Access[] {
  const { SourceDBSnapshotIdentifier, SourceDBClusterSnapshotIdentifier } = input;
  const { name, there, regionName } = copies.elsewhere(
    SourceDBSnapshotIdentifier ?? SourceDBClusterSnapshotIdentifier ?? '',
  );
  const key =
    SourceDBSnapshotIdentifier === undefined
      ? there?.clusterSnapshots.get(name)?.keyArn
      : there?.snapshots.get(name)?.settings.KmsKeyId;
  return keyAccess({ account, regionName }, 'rds', [key]);
}
