/** Snapshots as MemoryDB lists them: without tags, and without a time but those of their shards. */
import {
  DescribeSnapshotsCommand,
  type DescribeSnapshotsRequest,
  ListTagsCommand,
  paginateDescribeSnapshots,
  type Snapshot as Shown,
} from '@aws-sdk/client-memorydb';
import { unlessCalled } from '#platform/aws-errors.ts';
import { memorydb } from '#platform/clients/memorydb.ts';
import { seenSnapshot } from '../cache-snapshot.ts';
import type { Snapshot } from '../named-snapshots.ts';
import { type Tags, tagsIn } from '../tag-list.ts';

export async function snapshotNamed(SnapshotName: string): Promise<Shown | undefined> {
  const found = await memorydb()
    .send(new DescribeSnapshotsCommand({ SnapshotName, ShowDetail: true }))
    .catch(unlessCalled('SnapshotNotFoundFault'));
  return found?.Snapshots?.[0];
}

export async function allSnapshots(chosen: DescribeSnapshotsRequest): Promise<readonly Shown[]> {
  const found = [];
  const pages = paginateDescribeSnapshots({ client: memorydb() }, { ...chosen, ShowDetail: true });
  for await (const { Snapshots = [] } of pages) found.push(...Snapshots);
  return found;
}

export const seen = (snapshot: Shown): Snapshot =>
  seenSnapshot({
    id: snapshot.Name ?? '',
    arn: snapshot.ARN ?? '',
    status: snapshot.Status ?? 'creating',
    obtained: obtainedOf(snapshot),
  });

export const obtainedOf = ({ ClusterConfiguration }: Shown): readonly Date[] =>
  (ClusterConfiguration?.Shards ?? []).flatMap(({ SnapshotCreationTime }) => SnapshotCreationTime ?? []);

/** Of a cluster or a snapshot. */
export async function tagsOf(ResourceArn: string | undefined): Promise<Tags> {
  const { TagList } = await memorydb().send(new ListTagsCommand({ ResourceArn }));
  return tagsIn(TagList);
}
