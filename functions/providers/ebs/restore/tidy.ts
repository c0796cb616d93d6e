/** Deletes what a recovery left behind, once the time for which it was to be kept is over. */
import { DeleteSnapshotCommand, DeleteVolumeCommand, type Filter } from '@aws-sdk/client-ec2';
import type { Recovery, RecoveryTarget } from '#domain/recovery.ts';
import { tagKeys } from '#domain/tags.ts';
import { asFault, codeOf } from '#platform/aws-errors.ts';
import { ec2 } from '#platform/clients/ec2.ts';
import { environment } from '#platform/environment.ts';
import { describeSnapshots, describeVolumes } from '../describe.ts';
import { tagsOf } from '../selection.ts';

type Tagged = Parameters<typeof tagsOf>[0];

/** A volume that somebody has attached again is left alone: EC2 would not delete it, and it is in use. */
export async function tidy({ resource }: RecoveryTarget, { id, state }: Recovery): Promise<readonly string[]> {
  const marked: Filter[] = [
    { Name: `tag:${tagKeys.stack}`, Values: [environment.stack()] },
    { Name: `tag:${tagKeys.recovery}`, Values: [id] },
    { Name: `tag:${tagKeys.instance}`, Values: [resource] },
  ];
  const volumes = await describeVolumes([...marked, { Name: 'status', Values: ['available'] }]);
  const snapshots = await describeSnapshots([...marked, { Name: `tag:${tagKeys.role}`, Values: ['safety'] }]);
  const volumeIds = volumes
    .filter((volume) => hasExpired(volume) || (state === 'rolled-back' && wasMadeInVain(volume)))
    .map(({ VolumeId = '' }) => VolumeId);
  const snapshotIds = snapshots.filter(hasExpired).map(({ SnapshotId = '' }) => SnapshotId);
  const problems = await Promise.all([
    ...volumeIds.map((VolumeId) => attempt(VolumeId, () => ec2().send(new DeleteVolumeCommand({ VolumeId })))),
    ...snapshotIds.map((SnapshotId) =>
      attempt(SnapshotId, () => ec2().send(new DeleteSnapshotCommand({ SnapshotId }))),
    ),
  ]);
  return problems.flatMap((problem) => problem ?? []);
}

/** A volume in use after a committed recovery carries no expiry, so it never counts. */
function hasExpired(resource: Tagged): boolean {
  const expires = Date.parse(tagsOf(resource)[tagKeys.expires] ?? '');
  return !Number.isNaN(expires) && expires <= Date.now();
}

/** The roll back did not get to mark it: it was not visible yet, or EC2 refused. */
const wasMadeInVain = (volume: Tagged): boolean =>
  tagsOf(volume)[tagKeys.role] === 'restored' && tagsOf(volume)[tagKeys.expires] === undefined;

async function attempt(id: string, discard: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await discard();
    return undefined;
  } catch (error) {
    const isGone = ['InvalidVolume.NotFound', 'InvalidSnapshot.NotFound'].includes(codeOf(error));
    return isGone ? undefined : asFault(error, `deleting ${id}`).message;
  }
}
