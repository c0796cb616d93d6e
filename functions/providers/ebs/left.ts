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
  const own = snapshots.filter((snapshot) => isMadeBy(run, snapshot));
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
