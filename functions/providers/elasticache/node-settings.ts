/**
 * What must be given to what is made from a snapshot of nodes, as the call takes it. Of a snapshot it takes the data, and what it was
 * recorded with only where it is told nothing else; security, replicas and logs it does not take at all.
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
 */
import type {
  CacheCluster,
  CreateCacheClusterMessage,
  CreateReplicationGroupMessage,
  LogDeliveryConfiguration,
  NodeGroup,
  ReplicationGroup,
} from '@aws-sdk/client-elasticache';
import type { CacheSettings } from '../cache-settings.ts';
import type { Tags } from '../tag-list.ts';

/** @param cluster one of the group's own */
export function groupSettings(
  group: ReplicationGroup,
  cluster: CacheCluster,
  tags: Tags,
): CacheSettings<CreateReplicationGroupMessage> {
  const { GlobalReplicationGroupInfo: global } = group;
  return {
    recreate: {
      ...both(cluster),
      ReplicationGroupDescription: group.Description,
      Engine: group.Engine ?? cluster.Engine,
      AutomaticFailoverEnabled: group.AutomaticFailover === 'enabled',
      MultiAZEnabled: group.MultiAZ === 'enabled',
      AtRestEncryptionEnabled: group.AtRestEncryptionEnabled,
      KmsKeyId: group.KmsKeyId,
      TransitEncryptionMode: group.TransitEncryptionMode,
      UserGroupIds: filled(group.UserGroupIds),
      ...shards(group),
      SnapshotRetentionLimit: group.SnapshotRetentionLimit,
      SnapshotWindow: group.SnapshotWindow,
      LogDeliveryConfigurations: filled(group.LogDeliveryConfigurations?.map(delivery)),
      DataTieringEnabled: group.DataTiering === 'enabled',
      ClusterMode: group.ClusterMode,
      Durability: group.Durability,
    },
    tags,
    differences: [
      ...passwordOf(group),
      ...(global?.GlobalReplicationGroupId === undefined
        ? []
        : [`it was a member of the global datastore ${global.GlobalReplicationGroupId}, which a new group is not.`]),
    ],
  };
}

export const clusterSettings = (cluster: CacheCluster, tags: Tags): CacheSettings<CreateCacheClusterMessage> => ({
  recreate: {
    ...both(cluster),
    Engine: cluster.Engine,
    NumCacheNodes: cluster.NumCacheNodes,
    PreferredAvailabilityZone: cluster.PreferredAvailabilityZone,
    SnapshotRetentionLimit: cluster.SnapshotRetentionLimit,
    SnapshotWindow: cluster.SnapshotWindow,
    LogDeliveryConfigurations: filled(cluster.LogDeliveryConfigurations?.map(delivery)),
  },
  tags,
  differences: passwordOf(cluster),
});

/** What both calls take in the same words, and a cluster tells. */
const both = (cluster: CacheCluster) => ({
  CacheNodeType: cluster.CacheNodeType,
  EngineVersion: cluster.EngineVersion,
  CacheParameterGroupName: cluster.CacheParameterGroup?.CacheParameterGroupName,
  CacheSubnetGroupName: cluster.CacheSubnetGroupName,
  SecurityGroupIds: filled(cluster.SecurityGroups?.flatMap(({ SecurityGroupId }) => SecurityGroupId ?? [])),
  Port: cluster.CacheNodes?.[0]?.Endpoint?.Port,
  PreferredMaintenanceWindow: cluster.PreferredMaintenanceWindow,
  NotificationTopicArn: cluster.NotificationConfiguration?.TopicArn,
  AutoMinorVersionUpgrade: cluster.AutoMinorVersionUpgrade,
  TransitEncryptionEnabled: cluster.TransitEncryptionEnabled,
  NetworkType: cluster.NetworkType,
  IpDiscovery: cluster.IpDiscovery,
});

/** In cluster mode a snapshot fits as many shards of the same slots; out of it there is one, and only nodes are counted. */
const shards = ({ ClusterEnabled, NodeGroups = [], MemberClusters = [] }: ReplicationGroup) =>
  ClusterEnabled ? { NodeGroupConfiguration: NodeGroups.map(shard) } : { NumCacheClusters: MemberClusters.length };

const shard = ({ NodeGroupId, Slots, NodeGroupMembers = [] }: NodeGroup) => ({
  NodeGroupId,
  Slots,
  ReplicaCount: Math.max(0, NodeGroupMembers.length - 1),
});

/** The query protocol writes an empty list as an empty value, which is none. */
const filled = <Item>(list: Item[] = []): Item[] | undefined => (list.length === 0 ? undefined : list);

const delivery = ({ LogType, DestinationType, DestinationDetails, LogFormat }: LogDeliveryConfiguration) => ({
  ...{ LogType, DestinationType, DestinationDetails, LogFormat },
  Enabled: true,
});

const passwordOf = ({ AuthTokenEnabled }: { readonly AuthTokenEnabled?: boolean | undefined }): readonly string[] =>
  AuthTokenEnabled ? ['its AUTH token cannot be read: the new one asks for none until you set it.'] : [];
