import type * as ElastiCache from '@aws-sdk/client-elasticache';
import { ApiError } from '../../kernel/service.ts';
import type { Cache } from '../caches/snapshot-book.ts';
import { pageOf } from '../pages.ts';
import type { ElastiCacheContext } from './elasticache.ts';

export interface GroupSpec {
  readonly name: string;
  /** One shard, and snapshots of one node, without. Default true. */
  readonly clusterMode?: boolean;
  /** Default 2 in cluster mode. */
  readonly shards?: number;
  readonly tags?: Readonly<Record<string, string>>;
  readonly settings?: Partial<ElastiCache.ReplicationGroup>;
}

export interface ClusterSpec {
  readonly name: string;
  /** Default `valkey`. */
  readonly engine?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly settings?: Partial<ElastiCache.CacheCluster>;
}

export interface Group extends Cache {
  readonly clusterMode: boolean;
  settings: Partial<ElastiCache.ReplicationGroup>;
}

export interface Node extends Cache {
  readonly engine: string;
  readonly group?: Group;
  nodeSettings: Partial<ElastiCache.CacheCluster>;
}

const nodesPerShard = 2;

const groupDefaults: Partial<ElastiCache.ReplicationGroup> = {
  Description: 'orders',
  AutomaticFailover: 'enabled',
  MultiAZ: 'enabled',
  SnapshotRetentionLimit: 7,
  SnapshotWindow: '05:00-06:00',
  CacheNodeType: 'cache.r7g.large',
  AuthTokenEnabled: false,
  TransitEncryptionEnabled: true,
  TransitEncryptionMode: 'required',
  AtRestEncryptionEnabled: true,
  KmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/orders',
  UserGroupIds: ['orders-users'],
  LogDeliveryConfigurations: [],
  NetworkType: 'ipv4',
  IpDiscovery: 'ipv4',
  Engine: 'valkey',
};

/** By engine, unless told. */
const runs: Readonly<Record<string, string>> = { valkey: '7.2.6', redis: '7.1.0', memcached: '1.6.22' };

const nodeDefaults: Partial<ElastiCache.CacheCluster> = {
  CacheNodeType: 'cache.r7g.large',
  EngineVersion: runs.valkey,
  NumCacheNodes: 1,
  PreferredAvailabilityZone: 'eu-west-1a',
  PreferredMaintenanceWindow: 'sun:06:00-sun:07:00',
  NotificationConfiguration: { TopicArn: 'arn:aws:sns:eu-west-1:111122223333:caches', TopicStatus: 'active' },
  CacheParameterGroup: { CacheParameterGroupName: 'valkey7-tuned', ParameterApplyStatus: 'in-sync' },
  CacheSubnetGroupName: 'caches',
  SecurityGroups: [{ SecurityGroupId: 'sg-0cache', Status: 'active' }],
  AutoMinorVersionUpgrade: true,
  ...{ NetworkType: 'ipv4', IpDiscovery: 'ipv4', TransitEncryptionEnabled: true },
};

export type NodeCaches = ReturnType<typeof createNodeCaches>;

interface State extends ElastiCacheContext {
  readonly groups: Map<string, Group>;
  /** Those of groups, too. */
  readonly nodes: Map<string, Node>;
}

const cacheOf = ({ kernel }: State, name: string, tags: Readonly<Record<string, string>> = {}, shards = 1): Cache => ({
  ...{ name, status: 'available', createdMs: kernel.clock.nowMs() },
  tags: new Map(Object.entries(tags)),
  shards: Array.from({ length: shards }, () => []),
});

function addGroup(state: State, group: Group, nodeSettings: Partial<ElastiCache.CacheCluster>): void {
  state.groups.set(group.name, group);
  for (const node of group.shards.flatMap((_, shard) => nodeNames(group, shard))) {
    state.nodes.set(node, { ...cacheOf(state, node), shards: group.shards, engine: 'valkey', group, nodeSettings });
  }
}

function launchGroup(state: State, { name, clusterMode = true, shards, tags, settings = {} }: GroupSpec): void {
  const cache = cacheOf(state, name, tags, clusterMode ? (shards ?? 2) : 1);
  addGroup(state, { ...cache, clusterMode, settings: { ...groupDefaults, ...settings } }, nodeDefaults);
}

function deleteGroup({ groups, nodes }: State, name: string): void {
  for (const [node, { group }] of nodes) if (group?.name === name) nodes.delete(node);
  groups.delete(name);
}

function launchCluster(state: State, { name, engine = 'valkey', tags, settings = {} }: ClusterSpec): void {
  const nodeSettings = { ...nodeDefaults, EngineVersion: runs[engine], ...settings };
  state.nodes.set(name, { ...cacheOf(state, name, tags), engine, nodeSettings });
}

function groupNamed({ groups }: State, name = ''): Group {
  const found = groups.get(name);
  if (found === undefined) throw new ApiError('ReplicationGroupNotFoundFault', `Group ${name} not found.`, 404);
  return found;
}

function nodeNamed({ nodes }: State, name = ''): Node {
  const found = nodes.get(name);
  if (found === undefined) throw new ApiError('CacheClusterNotFoundFault', `Cluster ${name} not found.`, 404);
  return found;
}

const isSnapshotting = ({ nodes }: State, group: Group): boolean =>
  [...nodes.values()].some((node) => node.group === group && node.status === 'snapshotting');

const shownGroup = (state: State, group: Group): ElastiCache.ReplicationGroup => ({
  ...group.settings,
  ReplicationGroupId: group.name,
  Status: group.status === 'available' && isSnapshotting(state, group) ? 'snapshotting' : group.status,
  ARN: state.arnOf('replicationgroup', group.name),
  ...(group.clusterMode ? { ConfigurationEndpoint: endpointOf(`clustercfg.${group.name}`) } : {}),
  ClusterEnabled: group.clusterMode,
  MemberClusters: group.shards.flatMap((_, shard) => nodeNames(group, shard)),
  NodeGroups: group.shards.map((_, shard) => shownShard(group, shard)),
});

const shownNode = (
  { arnOf }: State,
  { name, engine, status, group, nodeSettings }: Node,
): ElastiCache.CacheCluster => ({
  ...nodeSettings,
  CacheClusterId: name,
  CacheClusterStatus: status,
  ARN: arnOf('cluster', name),
  Engine: engine,
  ...(group === undefined ? {} : { ReplicationGroupId: group.name }),
  CacheNodes: [{ CacheNodeId: '0001', Endpoint: endpointOf(name) }],
});

const operationsOf = (state: State) => ({
  DescribeReplicationGroups: ({ ReplicationGroupId: name, Marker }: ElastiCache.DescribeReplicationGroupsMessage) => {
    const page = pageOf(name === undefined ? [...state.groups.values()] : [groupNamed(state, name)], Marker);
    return { ReplicationGroups: page.items.map((group) => shownGroup(state, group)), Marker: page.next };
  },
  DescribeCacheClusters: ({ CacheClusterId: name, Marker }: ElastiCache.DescribeCacheClustersMessage) => {
    const page = pageOf(name === undefined ? [...state.nodes.values()] : [nodeNamed(state, name)], Marker);
    return { CacheClusters: page.items.map((node) => shownNode(state, node)), Marker: page.next };
  },
});

export function createNodeCaches(context: ElastiCacheContext) {
  const state: State = { ...context, groups: new Map(), nodes: new Map() };
  return {
    groups: state.groups,
    nodes: state.nodes,
    groupNamed: (name?: string) => groupNamed(state, name),
    nodeNamed: (name?: string) => nodeNamed(state, name),
    cacheOf: (name: string, tags?: Readonly<Record<string, string>>, shards?: number) =>
      cacheOf(state, name, tags, shards),
    addGroup: (group: Group, nodeSettings: Node['nodeSettings']) => addGroup(state, group, nodeSettings),
    launchGroup: (spec: GroupSpec) => launchGroup(state, spec),
    deleteGroup: (name: string) => deleteGroup(state, name),
    launchCluster: (spec: ClusterSpec) => launchCluster(state, spec),
    shownGroup: (group: Group) => shownGroup(state, group),
    shownNode: (node: Node) => shownNode(state, node),
    operations: operationsOf(state),
  };
}

export const endpointOf = (stem: string): ElastiCache.Endpoint => ({
  Address: `${stem}.c0ffee.cache.amazonaws.com`,
  Port: 6379,
});

export const shardId = (shard: number): string => String(shard + 1).padStart(4, '0');

function nodeNames({ name, clusterMode }: Group, shard: number): readonly string[] {
  const stem = clusterMode ? `${name}-${shardId(shard)}` : name;
  return Array.from({ length: nodesPerShard }, (_, node) => `${stem}-${String(node + 1).padStart(3, '0')}`);
}

/** Roles are told out of cluster mode only. */
const shownShard = (group: Group, shard: number): ElastiCache.NodeGroup => ({
  NodeGroupId: shardId(shard),
  ...(group.clusterMode ? { Slots: slotsOf(shard, group.shards.length) } : {}),
  ...(group.clusterMode ? {} : { PrimaryEndpoint: endpointOf(`master.${group.name}`) }),
  NodeGroupMembers: nodeNames(group, shard).map((CacheClusterId, node) => ({
    CacheClusterId,
    ...(group.clusterMode ? {} : { CurrentRole: node === 0 ? 'primary' : 'replica' }),
  })),
});

function slotsOf(shard: number, shards: number): string {
  const [from, to] = [shard, shard + 1].map((at) => Math.floor((16_384 * at) / shards));
  return `${from}-${(to ?? 0) - 1}`;
}
