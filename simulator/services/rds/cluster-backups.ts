/** The continuous backup that every Aurora cluster has. */
import type * as Rds from '@aws-sdk/client-rds';
import { ApiError } from '../../kernel/service.ts';
import type { Cluster, Clusters } from './clusters.ts';
import type { RdsContext } from './context.ts';
import { createRestorables } from './restorables.ts';

export function createClusterBackups({ kernel, arnOf }: RdsContext, clusters: Clusters) {
  const daysOf = ({ settings }: Cluster) => settings.BackupRetentionPeriod ?? 1;
  const backups = createRestorables(kernel.clock, () => [...clusters.all.values()], daysOf);

  const shown = (cluster: Cluster): Rds.DBClusterAutomatedBackup => ({
    ...{ DBClusterIdentifier: cluster.name, DbClusterResourceId: cluster.resourceId, Status: 'available' },
    DBClusterAutomatedBackupsArn: arnOf('cluster-auto-backup', `ab-${cluster.resourceId.slice(8)}`),
    BackupRetentionPeriod: daysOf(cluster),
    RestoreWindow: backups.windowOf(cluster),
  });

  const backedUp = (id: string): Cluster => {
    const found = backups.ofResource(id);
    if (found !== undefined) return found;
    throw new ApiError('DBClusterAutomatedBackupNotFoundFault', `No automated backup of ${id} was found.`, 404);
  };

  const describe = ({
    DBClusterIdentifier: name,
    DbClusterResourceId: id,
  }: Rds.DescribeDBClusterAutomatedBackupsMessage) => {
    const named = () => backups.all().filter((cluster) => name === undefined || cluster.name === name);
    return { DBClusterAutomatedBackups: (id === undefined ? named() : [backedUp(id)]).map(shown) };
  };

  const restore = (input: Rds.RestoreDBClusterToPointInTimeMessage) => {
    const { SourceDBClusterIdentifier: name, SourceDbClusterResourceId: id = '', RestoreToTime } = input;
    const source = name === undefined ? backedUp(id) : clusters.named(name);
    const rows = backups.rowsAsOf(source, input.UseLatestRestorableTime ? undefined : RestoreToTime);
    const { Engine, EngineVersion, KmsKeyId: keyArn } = source.settings;
    return clusters.restore(input, { tags: source.tags, rows, engine: { Engine, EngineVersion }, keyArn });
  };

  return {
    arrange: { clusterLogsStandStill: (name: string) => backups.standStill(clusters.named(name)) },
    operations: { DescribeDBClusterAutomatedBackups: describe, RestoreDBClusterToPointInTime: restore },
  };
}
