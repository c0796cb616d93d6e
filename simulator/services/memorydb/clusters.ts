import type * as MemoryDb from '@aws-sdk/client-memorydb';
import { ApiError } from '../../kernel/service.ts';
import { given, refuseAutomatic } from '../caches/automatic-settings.ts';
import type { EngineVersions } from '../caches/engine-versions.ts';
import type { Cache } from '../caches/snapshot-book.ts';
import { tagsIn } from '../caches/tag-lists.ts';
import { pageOf } from '../pages.ts';
import type { MemoryDbContext } from './memorydb.ts';

export interface ClusterSpec {
  readonly name: string;
  /** Default 2. */
  readonly shards?: number;
  readonly tags?: Readonly<Record<string, string>>;
  readonly settings?: Partial<MemoryDb.Cluster>;
}

export interface Cluster extends Cache {
  settings: Partial<MemoryDb.Cluster>;
}

const nodesPerShard = 2;

const defaults: Partial<MemoryDb.Cluster> = {
  Description: '',
  NodeType: 'db.r7g.large',
  Engine: 'valkey',
  EngineVersion: '7.2',
  ACLName: 'orders-acl',
  SubnetGroupName: 'caches',
  SecurityGroups: [{ SecurityGroupId: 'sg-0cache', Status: 'active' }],
  ParameterGroupName: 'valkey7-tuned',
  TLSEnabled: true,
  KmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/orders',
  SnapshotRetentionLimit: 7,
  SnapshotWindow: '05:00-06:00',
  MaintenanceWindow: 'sun:06:00-sun:07:00',
  SnsTopicArn: 'arn:aws:sns:eu-west-1:111122223333:caches',
  AutoMinorVersionUpgrade: true,
  DataTiering: 'false',
  NetworkType: 'ipv4',
  IpDiscovery: 'ipv4',
};

export type Clusters = ReturnType<typeof createClusters>;

interface State extends MemoryDbContext {
  readonly versions: EngineVersions;
  readonly all: Map<string, Cluster>;
  /** Those that do not say that a snapshot of them is being made. */
  readonly silent: Set<string>;
}

function launch({ kernel, all }: State, { name, shards = 2, tags = {}, settings = {} }: ClusterSpec): void {
  all.set(name, {
    ...{ name, status: 'available', createdMs: kernel.clock.nowMs() },
    tags: new Map(Object.entries(tags)),
    shards: Array.from({ length: shards }, () => []),
    settings: { ...defaults, ...settings },
  });
}

function named({ all }: State, name = ''): Cluster {
  const found = all.get(name);
  if (found === undefined) throw new ApiError('ClusterNotFoundFault', `Cluster ${name} not found.`, 404);
  return found;
}

const shown = (
  { kernel, arnOf, silent }: State,
  { name, status, settings, shards }: Cluster,
  withShards: boolean,
): MemoryDb.Cluster => ({
  ...settings,
  Name: name,
  Status: status === 'snapshotting' && silent.has(name) ? 'available' : status,
  ARN: arnOf('cluster', name),
  NumberOfShards: shards.length,
  ClusterEndpoint: { Address: `clustercfg.${name}.c0ffee.memorydb.${kernel.regionName}.amazonaws.com`, Port: 6379 },
  ...(withShards
    ? { Shards: shards.map((_, index) => ({ Name: shardName(index), NumberOfNodes: nodesPerShard })) }
    : {}),
});

/** From a snapshot's data, and from nothing else that was. */
function make({ kernel, versions, all }: State, input: MemoryDb.CreateClusterRequest): Cluster {
  const {
    ClusterName = '',
    NumShards = 1,
    Tags,
    SnapshotName: _,
    SecurityGroupIds = [],
    DataTiering,
    ...given
  } = input;
  if (all.has(ClusterName)) throw new ApiError('ClusterAlreadyExistsFault', `Cluster ${ClusterName} already exists.`);
  versions.patchOf(given.Engine ?? 'redis', given.EngineVersion);
  const cluster: Cluster = {
    ...{ name: ClusterName, status: 'creating', createdMs: kernel.clock.nowMs() },
    tags: new Map(Object.entries(tagsIn(Tags))),
    shards: Array.from({ length: NumShards }, () => []),
    settings: {
      ...(given as Partial<MemoryDb.Cluster>), // what both shapes call the same
      SecurityGroups: SecurityGroupIds.map((SecurityGroupId) => ({ SecurityGroupId, Status: 'active' })),
      DataTiering: DataTiering ? 'true' : 'false',
    },
  };
  all.set(ClusterName, cluster);
  return cluster;
}

function describe(state: State, input: MemoryDb.DescribeClustersRequest): MemoryDb.DescribeClustersResponse {
  const { ClusterName: name, ShowShardDetails = false, NextToken } = input;
  const page = pageOf(name === undefined ? [...state.all.values()] : [named(state, name)], NextToken);
  return { Clusters: page.items.map((cluster) => shown(state, cluster, ShowShardDetails)), NextToken: page.next };
}

/** Of its snapshots, and of the window that they may not overlap. */
function update(state: State, input: MemoryDb.UpdateClusterRequest): MemoryDb.UpdateClusterResponse {
  const { ClusterName, SnapshotRetentionLimit, SnapshotWindow, MaintenanceWindow } = input;
  const cluster = named(state, ClusterName);
  if (cluster.status !== 'available') {
    throw new ApiError('InvalidClusterStateFault', `Cluster ${cluster.name} is ${cluster.status}.`);
  }
  const asked = given({ SnapshotRetentionLimit, SnapshotWindow, MaintenanceWindow });
  const next = { ...cluster.settings, ...asked };
  refuseAutomatic(next, next.MaintenanceWindow, 'InvalidParameterValueException');
  cluster.settings = next;
  return { Cluster: shown(state, cluster, false) };
}

export function createClusters(context: MemoryDbContext, versions: EngineVersions) {
  const state: State = { ...context, versions, all: new Map(), silent: new Set() };
  const { all, silent } = state;
  return {
    all,
    silent,
    launch: (spec: ClusterSpec) => launch(state, spec),
    make: (input: MemoryDb.CreateClusterRequest) => make(state, input),
    named: (name?: string) => named(state, name),
    byArn: (resourceArn: string) =>
      [...all.values()].find(({ name }) => context.arnOf('cluster', name) === resourceArn),
    operations: {
      DescribeClusters: (input: MemoryDb.DescribeClustersRequest) => describe(state, input),
      UpdateCluster: (input: MemoryDb.UpdateClusterRequest) => update(state, input),
    },
  };
}

export const shardName = (index: number): string => String(index + 1).padStart(4, '0');
