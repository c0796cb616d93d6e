/** Caches made from snapshots: their data, and of all else what the call says. */
import type * as ElastiCache from '@aws-sdk/client-elasticache';
import { ApiError } from '../../kernel/service.ts';
import type { EngineVersions } from '../caches/engine-versions.ts';
import { tagsIn } from '../caches/tag-lists.ts';
import type { Files } from './files.ts';
import type { Group, Node, NodeCaches } from './node-caches.ts';
import type { createNodeSnapshots } from './node-snapshots.ts';
import type { createServerless, Serverless } from './serverless.ts';

type Given = ElastiCache.CreateReplicationGroupMessage | ElastiCache.CreateCacheClusterMessage;

/** Of what both shapes call the same, what shows in a cluster. */
const nodeSettingsOf = (input: Given): Partial<ElastiCache.CacheCluster> => ({
  CacheNodeType: input.CacheNodeType,
  EngineVersion: input.EngineVersion,
  NumCacheNodes: 1,
  PreferredAvailabilityZone: 'PreferredAvailabilityZone' in input ? input.PreferredAvailabilityZone : undefined,
  PreferredMaintenanceWindow: input.PreferredMaintenanceWindow,
  CacheSubnetGroupName: input.CacheSubnetGroupName,
  CacheParameterGroup: {
    ...{ CacheParameterGroupName: input.CacheParameterGroupName, ParameterApplyStatus: 'in-sync' },
  },
  SecurityGroups: (input.SecurityGroupIds ?? []).map((SecurityGroupId) => ({ SecurityGroupId, Status: 'active' })),
  ...(input.NotificationTopicArn === undefined
    ? {}
    : { NotificationConfiguration: { TopicArn: input.NotificationTopicArn, TopicStatus: 'active' } }),
  AutoMinorVersionUpgrade: input.AutoMinorVersionUpgrade,
  ...{ NetworkType: input.NetworkType, IpDiscovery: input.IpDiscovery },
  TransitEncryptionEnabled: input.TransitEncryptionEnabled,
});

const settingsOf = (input: ElastiCache.CreateReplicationGroupMessage): Partial<ElastiCache.ReplicationGroup> => ({
  Description: input.ReplicationGroupDescription,
  Engine: input.Engine,
  AutomaticFailover: input.AutomaticFailoverEnabled ? 'enabled' : 'disabled',
  MultiAZ: input.MultiAZEnabled ? 'enabled' : 'disabled',
  CacheNodeType: input.CacheNodeType,
  SnapshotRetentionLimit: input.SnapshotRetentionLimit,
  SnapshotWindow: input.SnapshotWindow,
  TransitEncryptionEnabled: input.TransitEncryptionEnabled,
  TransitEncryptionMode: input.TransitEncryptionMode,
  AtRestEncryptionEnabled: input.AtRestEncryptionEnabled,
  KmsKeyId: input.KmsKeyId,
  UserGroupIds: input.UserGroupIds,
  ...{ NetworkType: input.NetworkType, IpDiscovery: input.IpDiscovery },
  AuthTokenEnabled: input.AuthToken !== undefined,
  LogDeliveryConfigurations: [],
});

interface Parts {
  readonly caches: NodeCaches;
  readonly snapshots: ReturnType<typeof createNodeSnapshots>;
  readonly serverless: ReturnType<typeof createServerless>;
  readonly files: Files;
  readonly versions: EngineVersions;
}

export function createRestores({ caches, snapshots, serverless, files, versions }: Parts) {
  const withPatch = <Input extends Given>(input: Input): Input => ({
    ...input,
    EngineVersion: versions.patchOf(input.Engine ?? 'redis', input.EngineVersion),
  });

  const refuseTaken = (isTaken: boolean, code: string, name: string): void => {
    if (isTaken) throw new ApiError(code, `${name} already exists.`);
  };

  /** From files, or from a snapshot, which has as many shards. */
  const fill = (cache: Group | Node, { SnapshotArns, SnapshotName }: Given): void => {
    if (SnapshotArns !== undefined) {
      snapshots.seed(cache, files.read(SnapshotArns, 'clusterMode' in cache && cache.clusterMode));
      return;
    }
    const snapshot = snapshots.named(SnapshotName);
    if (cache.shards.length !== snapshot.shards.length) {
      throw new ApiError('InvalidParameterCombination', 'The snapshot has another number of shards.');
    }
    snapshots.restore(cache, snapshot);
  };

  return {
    CreateReplicationGroup: (input: ElastiCache.CreateReplicationGroupMessage) => {
      const { ReplicationGroupId: name = '', NodeGroupConfiguration: shards, Tags } = input;
      refuseTaken(caches.groups.has(name), 'ReplicationGroupAlreadyExists', name);
      const cache = caches.cacheOf(name, tagsIn(Tags), shards?.length ?? 1);
      const nodeSettings = nodeSettingsOf(withPatch(input));
      const group: Group = {
        ...cache,
        status: 'creating',
        clusterMode: shards !== undefined,
        settings: settingsOf(input),
      };
      fill(group, input);
      caches.addGroup(group, nodeSettings);
      return { ReplicationGroup: { ReplicationGroupId: name, Status: group.status } };
    },
    CreateCacheCluster: (input: ElastiCache.CreateCacheClusterMessage) => {
      const { CacheClusterId: name = '', Engine: engine = '', Tags } = input;
      refuseTaken(caches.nodes.has(name), 'CacheClusterAlreadyExists', name);
      const node: Node = {
        ...{ ...caches.cacheOf(name, tagsIn(Tags)), status: 'creating' },
        ...{ engine, nodeSettings: nodeSettingsOf(withPatch(input)) },
      };
      fill(node, input);
      caches.nodes.set(name, node);
      return { CacheCluster: { CacheClusterId: name, CacheClusterStatus: node.status } };
    },
    CreateServerlessCache: (input: ElastiCache.CreateServerlessCacheRequest) => {
      const { ServerlessCacheName: name = '', Engine: engine = '', SnapshotArnsToRestore, Tags, ...given } = input;
      refuseTaken(serverless.caches.has(name), 'ServerlessCacheAlreadyExistsFault', name);
      const cache: Serverless = {
        ...{ ...caches.cacheOf(name, tagsIn(Tags)), status: 'creating' },
        ...{ engine, settings: given },
      };
      serverless.restore(cache, serverless.named(SnapshotArnsToRestore?.[0]?.split(':').at(-1)));
      serverless.caches.set(name, cache);
      return { ServerlessCache: { ServerlessCacheName: name, Status: cache.status } };
    },
  };
}
