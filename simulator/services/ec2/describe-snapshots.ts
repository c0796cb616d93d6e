import type { DescribeSnapshotsRequest, DescribeSnapshotsResult, Snapshot } from '@aws-sdk/client-ec2';
import type { Ec2Context } from './context.ts';
import { type FilterValues, passes } from './filters.ts';
import { checkAllFound, isVisible } from './lookup.ts';
import { takePage } from './pages.ts';
import type { SnapshotRecord } from './records.ts';
import { tagList } from './tags.ts';

const FILTERS: FilterValues<SnapshotRecord> = {
  'snapshot-id': (each) => [each.id],
  'volume-id': (each) => [each.volumeId],
  'volume-size': (each) => [String(each.sizeGib)],
  status: (each) => [each.state],
  description: (each) => [each.description],
  encrypted: (each) => [String(each.encrypted)],
  'start-time': (each) => [new Date(each.startTimeMs).toISOString()],
  'storage-tier': () => ['standard'],
};

/** DescribeSnapshots of this account's own; those of others (public ones) do not exist here. */
export function describeSnapshots(context: Ec2Context, input: DescribeSnapshotsRequest): DescribeSnapshotsResult {
  const ids = input.SnapshotIds ?? [];
  const visible = [...context.snapshots.values()].filter((each) => isVisible(context, each));
  checkAllFound('snapshot', ids, visible);
  const owned = isOwnAsked(context, input) ? visible : [];
  const filters: FilterValues<SnapshotRecord> = { ...FILTERS, 'owner-id': () => [context.kernel.account] };
  const passed = owned.filter(passes(input.Filters, filters)).filter(({ id }) => ids.length === 0 || ids.includes(id));
  const { items, nextToken } = takePage(context, passed, input);
  return { Snapshots: items.map((each) => describe(context, each)), NextToken: nextToken };
}

function isOwnAsked(context: Ec2Context, input: DescribeSnapshotsRequest): boolean {
  const owners = input.OwnerIds ?? [];
  return owners.length === 0 || owners.includes('self') || owners.includes(context.kernel.account);
}

function describe(context: Ec2Context, snapshot: SnapshotRecord): Snapshot {
  return {
    SnapshotId: snapshot.id,
    VolumeId: snapshot.volumeId,
    State: snapshot.state,
    ...(snapshot.stateMessage === undefined ? {} : { StateMessage: snapshot.stateMessage }),
    StartTime: new Date(snapshot.startTimeMs),
    Progress: progressOf(context, snapshot),
    CompletionTime: snapshot.completionTimeMs === undefined ? undefined : new Date(snapshot.completionTimeMs),
    VolumeSize: snapshot.sizeGib,
    Encrypted: snapshot.encrypted,
    KmsKeyId: snapshot.kmsKeyId,
    OwnerId: context.kernel.account,
    Description: snapshot.description,
    StorageTier: 'standard',
    Tags: tagList(snapshot.tags),
  };
}

/** Empty at first, then whole percents; never 100% while pending. */
function progressOf(context: Ec2Context, snapshot: SnapshotRecord): string {
  if (snapshot.state === 'completed') {
    return '100%';
  }
  const share = (context.clock.nowMs() - snapshot.startTimeMs) / (snapshot.completesAtMs - snapshot.startTimeMs);
  const percent = Math.min(99, Math.floor(share * 100));
  return percent < 2 ? '' : `${percent}%`;
}
