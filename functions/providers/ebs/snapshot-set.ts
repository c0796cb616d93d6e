/** The snapshots that one run has of one instance: what is on them, and how they are found by it. */
import type { Snapshot, SnapshotInfo } from '@aws-sdk/client-ec2';
import type { Artifact } from '#domain/artifact.ts';
import { integrityFault } from '#domain/faults.ts';
import type { PlannedMember } from '#domain/run.ts';
import { tagKeys } from '#domain/tags.ts';
import type { RunTags } from '../provider.ts';
import { describeSnapshots } from './describe.ts';
import type { EbsDetail } from './detail.ts';
import type { EbsPlan } from './plan.ts';
import { volumeTag } from './volume-tag.ts';

/** How long a set that may exist is looked for: it becomes visible within seconds (EC2, eventual consistency). */
const lookupMs = 4000;
const lookupIntervalMs = 500;

/** At most 255 characters, for a person in the EC2 console. */
export function descriptionOf({ instanceId, volumes }: EbsPlan, run: RunTags): string {
  const devices = volumes.map(({ device }) => device).join(' ');
  return `${descriptionStart(run)}${instanceId} ${devices}, run ${run.runId}`.slice(0, 255);
}

/** How the descriptions of all snapshots of a run begin. EC2 has no call that changes them. */
export const descriptionStart = ({ workload, scheduledAt }: Pick<RunTags, 'workload' | 'scheduledAt'>): string =>
  `Holdfast: ${workload} of ${scheduledAt.slice(0, 16).replace('T', ' ')} UTC, `;

export const tagsFor = (
  { instanceId, volumes }: EbsPlan,
  { tier }: PlannedMember,
  run: RunTags,
): readonly { readonly Key: string; readonly Value: string }[] => [
  { Key: tagKeys.stack, Value: run.stack },
  { Key: tagKeys.workload, Value: run.workload },
  { Key: tagKeys.run, Value: run.runId },
  { Key: tagKeys.tier, Value: String(tier) },
  { Key: tagKeys.instance, Value: instanceId },
  { Key: tagKeys.count, Value: String(run.count) },
  { Key: tagKeys.role, Value: 'backup' },
  { Key: tagKeys.verdict, Value: 'pending' },
  { Key: tagKeys.expires, Value: run.expiresAt },
  ...volumes.map(volumeTag),
];

/** Looks for something until it shows or a while has passed. */
export async function patiently<Found>(look: () => Promise<Found | undefined>): Promise<Found | undefined> {
  const untilMs = Date.now() + lookupMs;
  for (;;) {
    const found = await look();
    if (found !== undefined || Date.now() >= untilMs) return found;
    await new Promise((resolve) => setTimeout(resolve, lookupIntervalMs));
  }
}

/**
 * The whole set that the run has of the instance, as EC2 shows it now; undefined when a member is missing. By its descriptions, too, since
 * whoever may tag could have tagged another so.
 */
export async function shownSet(
  { instanceId, volumes }: EbsPlan,
  { tier }: PlannedMember,
  run: RunTags,
): Promise<readonly Snapshot[] | undefined> {
  const tagged = await describeSnapshots([
    { Name: `tag:${tagKeys.stack}`, Values: [run.stack] },
    { Name: `tag:${tagKeys.run}`, Values: [run.runId] },
    { Name: `tag:${tagKeys.instance}`, Values: [instanceId] },
    { Name: `tag:${tagKeys.tier}`, Values: [String(tier)] },
  ]);
  const start = `${descriptionStart(run)}${instanceId} `;
  const snapshots = tagged.filter(({ Description = '' }) => Description.startsWith(start));
  const set = firstSet(snapshots, volumes);
  return set.length === volumes.length ? set : undefined;
}

/** Members of a set share one start time; of several sets the oldest is ours, the others are surplus that settle discards. */
function firstSet(snapshots: readonly Snapshot[], volumes: readonly EbsDetail[]): readonly Snapshot[] {
  const start = Math.min(...snapshots.map(({ StartTime }) => StartTime?.getTime() ?? Infinity));
  return snapshots.filter(
    ({ StartTime, VolumeId }) =>
      StartTime?.getTime() === start && volumes.some(({ volumeId }) => volumeId === VolumeId),
  );
}

/** @throws IntegrityFault when a volume of the plan has no snapshot among them */
export function artifactsOf(
  snapshots: readonly SnapshotInfo[],
  { instanceId, volumes }: EbsPlan,
  { tier }: PlannedMember,
): readonly Artifact[] {
  return volumes.map((volume) => {
    const snapshot = snapshots.find(({ VolumeId }) => VolumeId === volume.volumeId);
    if (snapshot?.SnapshotId === undefined || snapshot.StartTime === undefined) {
      throw integrityFault(
        `CreateSnapshots of ${instanceId} made no snapshot of ${volume.volumeId} (${volume.device}).`,
      );
    }
    return {
      kind: 'ebs',
      id: snapshot.SnapshotId,
      source: volume.volumeId,
      tier,
      state: 'pending',
      startedAt: snapshot.StartTime.toISOString(),
      detail: { ...volume },
    };
  });
}
