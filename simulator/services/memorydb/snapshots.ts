import type * as MemoryDb from '@aws-sdk/client-memorydb';
import { createSnapshotBook, type Snapshot } from '../caches/snapshot-book.ts';
import { tagsIn } from '../caches/tag-lists.ts';
import { pageOf } from '../pages.ts';
import { type Cluster, type Clusters, shardName } from './clusters.ts';
import type { MemoryDbContext } from './memorydb.ts';

/** MemoryDB Developer Guide, "Snapshot constraints". */
const perDay = 20;

export function createSnapshots({ kernel, arnOf }: MemoryDbContext, clusters: Clusters, snapshotMs: number) {
  const book = createSnapshotBook<Cluster>(kernel, {
    codes: {
      exists: 'SnapshotAlreadyExistsFault',
      missing: 'SnapshotNotFoundFault',
      quota: 'SnapshotQuotaExceededFault',
      snapshotState: 'InvalidSnapshotStateFault',
      sourceState: 'InvalidClusterStateFault',
    },
    ...{ mostNameCharacters: 40, perDay, snapshotMs, shardMs: 5000 },
  });

  /** There is no time of its own: only its shards have theirs, and only when they are asked for. */
  const shown = ({ name, status, source, shards, key }: Snapshot<Cluster>, withShards: boolean): MemoryDb.Snapshot => ({
    KmsKeyId: key,
    Name: name,
    ARN: arnOf('snapshot', name),
    Status: status,
    Source: 'manual',
    ClusterConfiguration: {
      Name: source.name,
      NodeType: source.settings.NodeType,
      Engine: source.settings.Engine,
      NumShards: source.shards.length,
      ...(withShards ? { Shards: source.shards.map((_, index) => shardOf(index, shards[index])) } : {}),
    },
  });

  const shardOf = (index: number, copy: Snapshot<Cluster>['shards'][number] | undefined): MemoryDb.ShardDetail => ({
    Name: shardName(index),
    ...(copy === undefined ? {} : { SnapshotCreationTime: new Date(copy.atMs) }),
  });

  const chosen = (input: MemoryDb.DescribeSnapshotsRequest) => {
    const { SnapshotName, ClusterName, Source } = input;
    if (SnapshotName !== undefined) return [book.named(SnapshotName)];
    const ofCluster = (snapshot: Snapshot<Cluster>) =>
      ClusterName === undefined || snapshot.source.name === ClusterName;
    return Source === 'system' ? [] : [...book.all.values()].filter(ofCluster);
  };

  return {
    ...book,
    byArn: (resourceArn: string) => [...book.all.values()].find(({ name }) => arnOf('snapshot', name) === resourceArn),
    operations: {
      CreateCluster: (input: MemoryDb.CreateClusterRequest) => {
        const snapshot = book.named(input.SnapshotName);
        const cluster = clusters.make(input);
        book.restore(cluster, snapshot);
        return { Cluster: { Name: cluster.name, Status: cluster.status } };
      },
      CreateSnapshot: ({ ClusterName, SnapshotName, Tags }: MemoryDb.CreateSnapshotRequest) => {
        const cluster = clusters.named(ClusterName);
        return { Snapshot: shown(book.create(cluster, { name: SnapshotName, tags: tagsIn(Tags) }), false) };
      },
      CopySnapshot: (input: MemoryDb.CopySnapshotRequest) => {
        const { TargetSnapshotName: name, KmsKeyId: key, Tags } = input;
        return { Snapshot: shown(book.copy(input.SourceSnapshotName, { name, tags: tagsIn(Tags), key }), false) };
      },
      DescribeSnapshots: (input: MemoryDb.DescribeSnapshotsRequest) => {
        const page = pageOf(chosen(input), input.NextToken);
        return {
          Snapshots: page.items.map((snapshot) => shown(snapshot, input.ShowDetail ?? false)),
          NextToken: page.next,
        };
      },
      DeleteSnapshot: ({ SnapshotName }: MemoryDb.DeleteSnapshotRequest) => ({
        Snapshot: shown(book.remove(SnapshotName), false),
      }),
    },
  };
}
