/** What of a cluster no call gives back: one sentence each, for a person. */
import type { DBCluster } from '@aws-sdk/client-rds';
import type { Cluster } from './describe.ts';
import type { AuroraSettings } from './settings.ts';

export function differencesOf({ cluster, instances }: Cluster): readonly string[] {
  const names = instances.flatMap(({ DBInstanceIdentifier }) => DBInstanceIdentifier ?? []);
  const monitored = instances.filter(({ MonitoringRoleArn }) => MonitoringRoleArn !== undefined);
  return [
    ...unless(
      names.length === 0,
      `its instances are made anew, with endpoints of their own; ${names.join(', ')} stay with the replaced cluster. Lead whoever uses them to the cluster's endpoints.`,
    ),
    ...clusterDifferences(cluster),
    // Switching it on takes the right to pass its role, whichever that is.
    ...unless(monitored.length === 0, 'enhanced monitoring of its instances is not given back.'),
  ];
}

function clusterDifferences(cluster: DBCluster): readonly string[] {
  const { AssociatedRoles = [], CustomEndpoints = [], ReadReplicaIdentifiers: replicas = [] } = cluster;
  const roles = AssociatedRoles.map(({ FeatureName = 'its features', RoleArn }) => `${RoleArn} for ${FeatureName}`);
  const { GlobalClusterIdentifier: global, ReplicationSourceIdentifier: source, ActivityStreamStatus } = cluster;
  return [
    ...unless(roles.length === 0, `the roles of its features are not given back: ${roles.join(', ')}.`),
    ...unless(CustomEndpoints.length === 0, `its custom endpoints are not given back: ${CustomEndpoints.join(', ')}.`),
    ...unless(replicas.length === 0, `its replicas stay with the replaced cluster: ${replicas.join(', ')}.`),
    ...unless(source === undefined, `it replicates from ${source}; what is restored does not.`),
    ...unless(global === undefined, `it belongs to the global cluster ${global}; what is restored does not.`),
    ...unless(cluster.HttpEndpointEnabled !== true, 'its Data API is off after a restore: turn it on again.'),
    ...unless(ActivityStreamStatus !== 'started', 'its database activity stream is not given back.'),
    ...unless((cluster.DomainMemberships ?? []).length === 0, 'it is not joined to its Active Directory domain again.'),
    ...unless(
      cluster.DatabaseInsightsMode !== 'advanced',
      `its Database Insights are in the standard mode again: aws rds modify-db-cluster --db-cluster-identifier ${cluster.DBClusterIdentifier} --database-insights-mode advanced --enable-performance-insights --performance-insights-retention-period ${cluster.PerformanceInsightsRetentionPeriod ?? 465} --apply-immediately`,
    ),
    ...unless(cluster.LocalWriteForwardingStatus !== 'enabled', 'local write forwarding is off after a restore.'),
    ...unless(
      cluster.MasterUserSecret === undefined,
      'its master password is managed in Secrets Manager, which a restore switches off: turn it on again.',
    ),
  ];
}

/**
 * A record leads to the cluster's own endpoint only.
 * @param name of the cluster that applications are led to
 */
export const readerDifference = ({ readerEndpoint, instances }: AuroraSettings, name: string): readonly string[] =>
  unless(
    readerEndpoint === undefined || instances.length < 2 || readerEndpoint.startsWith(`${name}.`),
    `its reader endpoint ${readerEndpoint} stays with the replaced cluster: lead whoever uses it to that of ${name}.`,
  );

const unless = (isAbsent: boolean, sentence: string): readonly string[] => (isAbsent ? [] : [sentence]);
