/** Snapshots of nodes as ElastiCache lists them: without tags. */
import {
  type DescribeSnapshotsMessage,
  paginateDescribeSnapshots,
  type Snapshot as Shown,
} from '@aws-sdk/client-elasticache';
import type { ManagedMember } from '#domain/policy.ts';
import { elasticache } from '#platform/clients/elasticache.ts';
import { seenSnapshot, stateOf, underWay } from '../cache-snapshot.ts';
import type { Snapshot, Source } from '../named-snapshots.ts';
import { paceRefusals } from '../snapshot-pace.ts';

export async function nodeSnapshots(chosen: DescribeSnapshotsMessage): Promise<readonly Shown[]> {
  const found = [];
  for await (const { Snapshots = [] } of paginateDescribeSnapshots({ client: elasticache() }, chosen)) {
    found.push(...Snapshots);
  }
  return found;
}

const obtainedOf = ({ NodeSnapshots = [] }: Shown): readonly Date[] =>
  NodeSnapshots.flatMap(({ SnapshotCreateTime }) => SnapshotCreateTime ?? []);

export const seen = (snapshot: Shown): Snapshot =>
  seenSnapshot({
    id: snapshot.SnapshotName ?? '',
    arn: snapshot.ARN ?? '',
    status: snapshot.SnapshotStatus ?? 'creating',
    obtained: obtainedOf(snapshot),
  });

/** What the snapshots that there are say of the next: of a group in cluster mode, or of one node. */
export async function nextOf(
  member: ManagedMember,
  chosen: Pick<DescribeSnapshotsMessage, 'CacheClusterId' | 'ReplicationGroupId'>,
): Promise<Pick<Source, 'busy' | 'refusals'>> {
  const known = await nodeSnapshots(chosen);
  const manual = known.filter(({ SnapshotSource }) => SnapshotSource === 'manual');
  const open = known.filter(({ SnapshotStatus = '' }) => stateOf(SnapshotStatus) === 'pending');
  return {
    refusals: paceRefusals(
      member,
      manual.flatMap((snapshot) => obtainedOf(snapshot).slice(0, 1).map(Number)),
    ),
    ...underWay(
      'ElastiCache',
      member.resource,
      open.map(({ SnapshotName }) => SnapshotName),
    ),
  };
}
