/**
 * What a cluster must be given that is made from a snapshot: the call takes nothing of it from there but the data.
 * https://docs.aws.amazon.com/memorydb/latest/APIReference/API_CreateCluster.html
 */
import type { Cluster, CreateClusterRequest } from '@aws-sdk/client-memorydb';
import type { CacheSettings } from '../cache-settings.ts';
import type { Tags } from '../tag-list.ts';

/** @param cluster as it is shown with its shards */
export function settingsOf(cluster: Cluster, tags: Tags): CacheSettings<CreateClusterRequest> {
  const { MultiRegionClusterName: multiRegion } = cluster;
  return {
    recreate: {
      NodeType: cluster.NodeType,
      ACLName: cluster.ACLName,
      NumShards: cluster.NumberOfShards,
      NumReplicasPerShard: (cluster.Shards?.[0]?.NumberOfNodes ?? 1) - 1,
      ...network(cluster),
      ...schedule(cluster),
      Description: cluster.Description,
      Engine: cluster.Engine,
      EngineVersion: cluster.EngineVersion,
      ParameterGroupName: cluster.ParameterGroupName,
      KmsKeyId: cluster.KmsKeyId,
      DataTiering: cluster.DataTiering === 'true',
    },
    tags,
    differences:
      multiRegion === undefined
        ? []
        : [`it was a member of the multi-Region cluster ${multiRegion}, which a new cluster is not.`],
  };
}

const network = (cluster: Cluster) => ({
  SubnetGroupName: cluster.SubnetGroupName,
  SecurityGroupIds: (cluster.SecurityGroups ?? []).flatMap(({ SecurityGroupId }) => SecurityGroupId ?? []),
  Port: cluster.ClusterEndpoint?.Port,
  TLSEnabled: cluster.TLSEnabled,
  NetworkType: cluster.NetworkType,
  IpDiscovery: cluster.IpDiscovery,
});

const schedule = (cluster: Cluster) => ({
  SnapshotRetentionLimit: cluster.SnapshotRetentionLimit,
  SnapshotWindow: cluster.SnapshotWindow,
  MaintenanceWindow: cluster.MaintenanceWindow,
  SnsTopicArn: cluster.SnsTopicArn,
  AutoMinorVersionUpgrade: cluster.AutoMinorVersionUpgrade,
});
