/** ElastiCache: replication groups, clusters and serverless caches, and their manual snapshots, as far as backups see them. */
import type * as ElastiCache from '@aws-sdk/client-elasticache';
import { arn } from '../../iam/arn.ts';
import { ApiError, type Kernel, type Service } from '../../kernel/service.ts';
import { createEngineVersions, type EngineVersions, type VersionsArrange } from '../caches/engine-versions.ts';
import type { Snapshot, SnapshotArrange } from '../caches/snapshot-book.ts';
import { tagList, tagsIn } from '../caches/tag-lists.ts';
import { keyAccess } from '../key-access.ts';
import { pageOf } from '../pages.ts';
import type { S3Service } from '../s3/s3.ts';
import { elastiCacheAccess } from './access.ts';
import { createChanges } from './changes.ts';
import { createFiles, type FilesArrange } from './files.ts';
import {
  type ClusterSpec,
  createNodeCaches,
  type Group,
  type GroupSpec,
  type Node,
  type NodeCaches,
} from './node-caches.ts';
import { createNodeSnapshots } from './node-snapshots.ts';
import { createRestores } from './restores.ts';
import { createServerless, type Serverless, type ServerlessSpec } from './serverless.ts';

export interface ElastiCacheOptions {
  /** From the creating call until `available`. Default 5 minutes. */
  readonly snapshotMs?: number;
  /** From the call until a snapshot's files are in their bucket. Default 5 minutes. */
  readonly exportMs?: number;
}

export interface ElastiCacheService extends Service {
  /** What is launched is available at once. */
  readonly world: {
    launchGroup(spec: GroupSpec): void;
    /** With its nodes; its manual snapshots stay. */
    deleteGroup(name: string): void;
    launchCluster(spec: ClusterSpec): void;
    launchServerless(spec: ServerlessSpec): void;
    readonly groups: ReadonlyMap<string, Group>;
    readonly nodes: ReadonlyMap<string, Node>;
    readonly serverlessCaches: ReadonlyMap<string, Serverless>;
    readonly snapshots: ReadonlyMap<string, Snapshot<Group | Node>>;
    readonly serverlessSnapshots: ReadonlyMap<string, Snapshot<Serverless>>;
  };
  /** Of nodes, and of serverless caches. */
  readonly arrange: SnapshotArrange & FilesArrange & VersionsArrange & { readonly serverless: SnapshotArrange };
}

/** Some of those that there have been. Redis from 6 on, and Valkey, are chosen by their minor version: ElastiCache User Guide, "Supported engine versions" */
const engines = {
  valkey: { '7.2': '7.2.6', '8.0': '8.0.1' },
  redis: { '5.0.6': '5.0.6', '6.2': '6.2.6', '7.0': '7.0.7', '7.1': '7.1.0' },
  memcached: { '1.6.22': '1.6.22' },
};

type ArnType =
  | 'replicationgroup'
  | 'cluster'
  | 'serverlesscache'
  | 'snapshot'
  | 'serverlesscachesnapshot'
  | 'parametergroup'
  | 'subnetgroup'
  | 'usergroup';

/** What the parts of the service share. */
export interface ElastiCacheContext {
  readonly kernel: Kernel;
  readonly arnOf: (type: ArnType, name: string) => string;
}

interface Keyed {
  readonly ReplicationGroupId?: string;
  readonly CacheClusterId?: string;
  readonly ServerlessCacheName?: string;
  readonly KmsKeyId?: string;
}

type Tags = Map<string, string>;

/** @param wornBy tags of a resource, by its ARN */
const tagOperations = (wornBy: (resourceArn: string | undefined) => Tags) => ({
  ListTagsForResource: ({ ResourceName }: ElastiCache.ListTagsForResourceMessage) => ({
    TagList: tagList(wornBy(ResourceName)),
  }),
  RemoveTagsFromResource: ({ ResourceName, TagKeys = [] }: ElastiCache.RemoveTagsFromResourceMessage) => {
    const worn = wornBy(ResourceName);
    for (const key of TagKeys) worn.delete(key);
    return { TagList: tagList(worn) };
  },
  AddTagsToResource: ({ ResourceName, Tags }: ElastiCache.AddTagsToResourceMessage) => {
    const worn = wornBy(ResourceName);
    for (const [key, value] of Object.entries(tagsIn(Tags))) worn.set(key, value);
    return { TagList: tagList(worn) };
  },
});

const versionOperations = (versions: EngineVersions) => ({
  DescribeCacheEngineVersions: ({ Engine, Marker }: ElastiCache.DescribeCacheEngineVersionsMessage) => {
    const page = pageOf(versions.listed(Engine), Marker);
    return {
      CacheEngineVersions: page.items.map(({ engine, version }) => ({ Engine: engine, EngineVersion: version })),
      Marker: page.next,
    };
  },
});

interface Caches {
  readonly caches: NodeCaches;
  readonly snapshots: ReturnType<typeof createNodeSnapshots>;
  readonly serverless: ReturnType<typeof createServerless>;
}

/** By the end of an ARN; undefined: it is of no resource. */
function tagsOver({ caches, snapshots, serverless }: Caches): (resourceArn: string) => Tags | undefined {
  const places: Readonly<Record<string, ReadonlyMap<string, { readonly tags: Tags }>>> = {
    ...{ replicationgroup: caches.groups, cluster: caches.nodes, serverlesscache: serverless.caches },
    ...{ snapshot: snapshots.all, serverlesscachesnapshot: serverless.all },
  };
  return (resourceArn) => {
    const [type = '', name = ''] = resourceArn.split(':').slice(-2);
    return places[type]?.get(name)?.tags;
  };
}

/** Key of what is copied, or of what is made. */
function keyOf({ caches, serverless }: Caches, operation: string, input: Keyed): string | undefined {
  const { ReplicationGroupId = '', CacheClusterId = '', ServerlessCacheName = '', KmsKeyId } = input;
  if (operation === 'CreateServerlessCacheSnapshot') {
    return serverless.caches.get(ServerlessCacheName)?.settings.KmsKeyId;
  }
  if (operation !== 'CreateSnapshot') return KmsKeyId;
  return (caches.groups.get(ReplicationGroupId) ?? caches.nodes.get(CacheClusterId)?.group)?.settings.KmsKeyId;
}

export function createElastiCache(
  kernel: Kernel,
  s3: S3Service,
  { snapshotMs = 300_000, exportMs = 300_000 }: ElastiCacheOptions = {},
): ElastiCacheService {
  const context: ElastiCacheContext = {
    kernel,
    arnOf: (type, name) => arn(kernel, 'elasticache', `${type}:${name}`),
  };
  const caches = createNodeCaches(context);
  const versions = createEngineVersions(engines, {
    ...{ unknown: 'InvalidParameterCombination', specific: 'InvalidParameterValue' },
  });
  const files = createFiles(context, s3, exportMs);
  const snapshots = createNodeSnapshots(context, { caches, files, snapshotMs });
  const serverless = createServerless(context, files, snapshotMs);
  const tagsOf = tagsOver({ caches, snapshots, serverless });
  const wornBy = (resourceArn = '') => {
    const tags = tagsOf(resourceArn);
    if (tags === undefined) throw new ApiError('InvalidARNFault', `${resourceArn} is of no resource.`);
    return tags;
  };
  return {
    name: 'elasticache',
    client: () => import('@aws-sdk/client-elasticache'),
    operations: {
      ...caches.operations,
      ...snapshots.operations,
      ...serverless.operations,
      ...createRestores({ caches, snapshots, serverless, files, versions }),
      ...createChanges(caches, serverless),
      ...versionOperations(versions),
      ...tagOperations(wornBy),
    },
    access: (operation, input) => [
      ...elastiCacheAccess(context, tagsOf, operation, Object(input)),
      ...keyAccess(kernel, 'elasticache', [keyOf({ caches, snapshots, serverless }, operation, Object(input))]),
    ],
    world: {
      ...{
        launchGroup: caches.launchGroup,
        deleteGroup: caches.deleteGroup,
        launchCluster: caches.launchCluster,
        launchServerless: serverless.launch,
      },
      ...{ groups: caches.groups, nodes: caches.nodes, serverlessCaches: serverless.caches },
      ...{ snapshots: snapshots.all, serverlessSnapshots: serverless.all },
    },
    arrange: {
      ...{ ...snapshots.arrange, ...files.arrange, ...versions.arrange },
      serverless: serverless.arrange,
    },
  };
}
