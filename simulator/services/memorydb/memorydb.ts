/** MemoryDB: clusters and their manual snapshots, as far as backups see them. */
import type * as MemoryDb from '@aws-sdk/client-memorydb';
import { arn } from '../../iam/arn.ts';
import { ApiError, type Kernel, type Service } from '../../kernel/service.ts';
import { createEngineVersions, type VersionsArrange } from '../caches/engine-versions.ts';
import type { Snapshot, SnapshotArrange } from '../caches/snapshot-book.ts';
import { tagList, tagsIn } from '../caches/tag-lists.ts';
import { keyAccess } from '../key-access.ts';
import { pageOf } from '../pages.ts';
import { memoryDbAccess } from './access.ts';
import { type Cluster, type ClusterSpec, createClusters } from './clusters.ts';
import { createSnapshots } from './snapshots.ts';

export interface MemoryDbOptions {
  /** From CreateSnapshot until `available`. Default 5 minutes. */
  readonly snapshotMs?: number;
}

export interface MemoryDbService extends Service {
  readonly world: {
    /** Launches a cluster that is available at once. */
    launch(spec: ClusterSpec): void;
    readonly clusters: ReadonlyMap<string, Cluster>;
    readonly snapshots: ReadonlyMap<string, Snapshot<Cluster>>;
  };
  readonly arrange: SnapshotArrange &
    VersionsArrange & {
      /** As if somebody else had changed the cluster's state. */
      setStatus(name: string, status: string): void;
      /** The cluster says that it is available while a snapshot of it is made; no other can begin all the same. */
      saysNothingOfSnapshots(name: string): void;
    };
}

/** MemoryDB Developer Guide, "Engine versions" */
const engines = {
  valkey: { '7.2': '7.2.6', '7.3': '7.3.0' },
  redis: { '6.2': '6.2.6', '7.0': '7.0.7', '7.1': '7.1.1' },
};

/** What the parts of the service share. */
export interface MemoryDbContext {
  readonly kernel: Kernel;
  readonly arnOf: (type: 'cluster' | 'snapshot' | 'acl' | 'parametergroup' | 'subnetgroup', name: string) => string;
}

export function createMemoryDb(kernel: Kernel, { snapshotMs = 300_000 }: MemoryDbOptions = {}): MemoryDbService {
  const context: MemoryDbContext = { kernel, arnOf: (type, name) => arn(kernel, 'memorydb', `${type}/${name}`) };
  const unoffered = 'InvalidParameterValueException';
  const versions = createEngineVersions(engines, { unknown: unoffered, specific: unoffered });
  const clusters = createClusters(context, versions);
  const snapshots = createSnapshots(context, clusters, snapshotMs);
  const tagsOf = (resourceArn: string) => clusters.byArn(resourceArn)?.tags ?? snapshots.byArn(resourceArn)?.tags;
  const wornBy = (resourceArn = '') => {
    const tags = tagsOf(resourceArn);
    if (tags === undefined) throw new ApiError('InvalidARNFault', `${resourceArn} is of no resource.`);
    return tags;
  };
  /** Of what is copied, or of what is made. */
  const keyOf = (operation: string, { ClusterName = '', KmsKeyId }: MemoryDb.CreateClusterRequest) =>
    operation === 'CreateSnapshot' ? clusters.all.get(ClusterName)?.settings.KmsKeyId : KmsKeyId;
  return {
    name: 'memorydb',
    client: () => import('@aws-sdk/client-memorydb'),
    operations: {
      ...clusters.operations,
      ...snapshots.operations,
      DescribeEngineVersions: ({ Engine, NextToken }: MemoryDb.DescribeEngineVersionsRequest) => {
        const page = pageOf(versions.listed(Engine), NextToken);
        const EngineVersions = page.items.map(({ engine, version, patch }) => ({
          ...{ Engine: engine, EngineVersion: version, EnginePatchVersion: patch },
        }));
        return { EngineVersions, NextToken: page.next };
      },
      ListTags: ({ ResourceArn }: MemoryDb.ListTagsRequest) => ({ TagList: tagList(wornBy(ResourceArn)) }),
      UntagResource: ({ ResourceArn, TagKeys = [] }: MemoryDb.UntagResourceRequest) => {
        const worn = wornBy(ResourceArn);
        for (const key of TagKeys) worn.delete(key);
        return { TagList: tagList(worn) };
      },
      TagResource: ({ ResourceArn, Tags }: MemoryDb.TagResourceRequest) => {
        const worn = wornBy(ResourceArn);
        for (const [key, value] of Object.entries(tagsIn(Tags))) worn.set(key, value);
        return { TagList: tagList(worn) };
      },
    },
    access: (operation, input) => [
      ...memoryDbAccess(context, tagsOf, operation, Object(input)),
      ...keyAccess(kernel, 'memorydb', [keyOf(operation, Object(input))]),
    ],
    world: { launch: clusters.launch, clusters: clusters.all, snapshots: snapshots.all },
    arrange: {
      ...{ ...snapshots.arrange, ...versions.arrange },
      setStatus: (name, status) => {
        clusters.named(name).status = status;
      },
      saysNothingOfSnapshots: (name) => void clusters.silent.add(name),
    },
  };
}
