import type * as ElastiCache from '@aws-sdk/client-elasticache';
import { ApiError } from '../../kernel/service.ts';
import { createSnapshotBook, type Snapshot } from '../caches/snapshot-book.ts';
import { tagsIn } from '../caches/tag-lists.ts';
import { pageOf } from '../pages.ts';
import type { ElastiCacheContext } from './elasticache.ts';
import type { Files } from './files.ts';
import { type Group, type Node, type NodeCaches, shardId } from './node-caches.ts';

/** ElastiCache User Guide, "Backup constraints": of each node. */
const perDay = 20;

interface NodeSnapshotParts {
  readonly caches: NodeCaches;
  readonly files: Files;
  readonly snapshotMs: number;
}

export function createNodeSnapshots(
  { kernel, arnOf }: ElastiCacheContext,
  { caches, files, snapshotMs }: NodeSnapshotParts,
) {
  const book = createSnapshotBook<Group | Node>(kernel, {
    codes: {
      exists: 'SnapshotAlreadyExistsFault',
      missing: 'SnapshotNotFoundFault',
      quota: 'SnapshotQuotaExceededFault',
      snapshotState: 'InvalidSnapshotStateFault',
      sourceState: 'InvalidCacheClusterStateFault',
    },
    ...{ mostNameCharacters: 40, perDay, snapshotMs, shardMs: 5000 },
  });

  /** Of a group in cluster mode, or of one node of whatever is not. */
  const sourceOf = ({ ReplicationGroupId: group, CacheClusterId: node }: ElastiCache.CreateSnapshotMessage) => {
    if ((group === undefined) === (node === undefined)) {
      throw new ApiError('InvalidParameterCombination', 'Give a replication group or a cluster.');
    }
    const source = group === undefined ? caches.nodeNamed(node) : caches.groupNamed(group);
    if ('engine' in source && source.engine === 'memcached') {
      throw new ApiError('SnapshotFeatureNotSupportedFault', 'Memcached clusters have no snapshots.');
    }
    const isGroup = 'settings' in source;
    if (isGroup ? !source.clusterMode : source.group?.clusterMode) {
      throw new ApiError('InvalidParameterCombination', `Cluster mode of ${source.name} wants the other of the two.`);
    }
    return source;
  };

  const shown = ({ name, status, source, shards, key }: Snapshot<Group | Node>): ElastiCache.Snapshot => ({
    KmsKeyId: key,
    SnapshotName: name,
    ARN: arnOf('snapshot', name),
    SnapshotStatus: status,
    SnapshotSource: 'manual',
    ...('settings' in source ? { ReplicationGroupId: source.name } : { CacheClusterId: source.name }),
    NodeSnapshots: source.shards.map((_, shard) => ({
      NodeGroupId: shardId(shard),
      ...(shards[shard] === undefined ? {} : { SnapshotCreateTime: new Date(shards[shard].atMs) }),
    })),
  });

  const chosen = (input: ElastiCache.DescribeSnapshotsMessage) => {
    if (input.SnapshotName !== undefined) return [book.named(input.SnapshotName)];
    const wanted = input.ReplicationGroupId ?? input.CacheClusterId;
    if (input.SnapshotSource === 'system') return [];
    return [...book.all.values()].filter(({ source }) => wanted === undefined || source.name === wanted);
  };

  return {
    ...book,
    operations: {
      CreateSnapshot: (input: ElastiCache.CreateSnapshotMessage) => ({
        Snapshot: shown(book.create(sourceOf(input), { name: input.SnapshotName, tags: tagsIn(input.Tags) })),
      }),
      DescribeSnapshots: (input: ElastiCache.DescribeSnapshotsMessage) => {
        const page = pageOf(chosen(input), input.Marker);
        return { Snapshots: page.items.map(shown), Marker: page.next };
      },
      CopySnapshot: (input: ElastiCache.CopySnapshotMessage) => {
        const snapshot = book.named(input.SourceSnapshotName);
        if (snapshot.status !== 'available') {
          throw new ApiError('InvalidSnapshotStateFault', `Snapshot ${snapshot.name} is ${snapshot.status}.`);
        }
        if (input.TargetBucket === undefined) {
          const { TargetSnapshotName: name, KmsKeyId: key, Tags } = input;
          return { Snapshot: shown(book.copy(snapshot.name, { name, tags: tagsIn(Tags), key })) };
        }
        files.begin(snapshot, input);
        return { Snapshot: { ...shown(snapshot), SnapshotName: input.TargetSnapshotName } };
      },
      DeleteSnapshot: ({ SnapshotName }: ElastiCache.DeleteSnapshotMessage) => ({
        Snapshot: shown(book.remove(SnapshotName)),
      }),
    },
  };
}
