/** What a run that is over has left, also what the ledger never learnt of. */
import type { Snapshot } from '@aws-sdk/client-ec2';
import type { Artifact } from '#domain/artifact.ts';
import type { Run } from '#domain/run.ts';
import { logger } from '#platform/logger.ts';
import { ebsPlan } from './ebs-plan.ts';
import { artifactOf, withRuns } from './from-tags.ts';
import { descriptionStart } from './snapshot-set.ts';

/** Snapshots that only their tags call the run's are logged and left alone. */
export async function left(run: Run): Promise<readonly Artifact[]> {
  const snapshots = await withRuns([run.id]);
  const planned = snapshots.filter((snapshot) => isMadeBy(run, snapshot));
  const moments = new Set(planned.map(({ StartTime }) => StartTime?.getTime()));
  const own = snapshots.filter((snapshot) => planned.includes(snapshot) || isOfSet(run, snapshot, moments));
  const known = new Set([...own.map(({ SnapshotId }) => SnapshotId), ...run.artifacts.map(({ id }) => id)]);
  for (const { SnapshotId } of snapshots.filter((snapshot) => !known.has(snapshot.SnapshotId))) {
    logger.warn(`${SnapshotId} carries the tags of ${run.id}, which has not made it: it is left alone.`);
  }
  return own.map(artifactOf);
}

/**
 * Tags can be set by whoever may tag, so they alone are no reason to delete: of which volume a snapshot is, when it was begun and how it
 * is described is fixed when it is made. DescribeSnapshots shows those of the account alone.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Snapshot.html
 */
function isMadeBy(run: Run, { VolumeId = '', StartTime, Description = '' }: Snapshot): boolean {
  const members = (run.plan?.members ?? []).filter(({ kind }) => kind === 'ebs');
  const volumes = members.flatMap((member) => ebsPlan(member).volumes);
  return (
    volumes.some(({ volumeId }) => volumeId === VolumeId) &&
    (StartTime?.toISOString() ?? '') >= (run.admittedAt ?? run.startedAt) &&
    Description.startsWith(descriptionStart(run))
  );
}

/** Of a volume that was attached after the run was planned, and so not left out: EC2 gives all snapshots of one call the same time, to the millisecond. */
const isOfSet = (
  run: Run,
  { StartTime, Description = '' }: Snapshot,
  moments: ReadonlySet<number | undefined>,
): boolean =>
  StartTime !== undefined && moments.has(StartTime.getTime()) && Description.startsWith(descriptionStart(run));
