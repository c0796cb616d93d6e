/**
 * Deletes what a recovery left behind, once the time for which it was to be kept is over. Its tags find it, and are no proof, since whoever
 * may tag can set them: what is deleted is in the recovery's record, or shows by what cannot be changed that this recovery has made it. What it
 * has brought back is then its owner's alone, and loses our tags.
 */
import { DeleteTagsCommand, DeleteVolumeCommand, type Filter, type Snapshot, type Volume } from '@aws-sdk/client-ec2';
import type { Recovery, RecoveryTarget } from '#domain/recovery.ts';
import { tagKeys } from '#domain/tags.ts';
import { asFault, codeOf } from '#platform/aws-errors.ts';
import { ec2 } from '#platform/clients/ec2.ts';
import { environment } from '#platform/environment.ts';
import { logger } from '#platform/logger.ts';
import { deleteSnapshot } from '../delete-snapshot.ts';
import { describeSnapshots, describeVolumes } from '../describe.ts';
import { tagsOf } from '../selection.ts';
import { type RestoreDetail, restoreDetail } from './restore-detail.ts';
import { safetyDescription } from './safeguard.ts';
import { isMarkedBy, markKeys } from './tags.ts';

type Tagged = Parameters<typeof tagsOf>[0];

/** A volume that somebody has attached again is left alone: EC2 would not delete it, and it is in use. */
export async function tidy(target: RecoveryTarget, recovery: Recovery): Promise<readonly string[]> {
  const detail = restoreDetail(target);
  const { id, state } = recovery;
  const marked: Filter[] = [
    { Name: `tag:${tagKeys.stack}`, Values: [environment.stack()] },
    { Name: `tag:${tagKeys.recovery}`, Values: [id] },
    { Name: `tag:${tagKeys.instance}`, Values: [detail.instanceId] },
  ];
  const [volumes, snapshots] = await Promise.all([
    describeVolumes([...marked, { Name: 'status', Values: ['available'] }]),
    describeSnapshots([...marked, { Name: `tag:${tagKeys.role}`, Values: ['safety'] }]),
  ]);
  const problems = await Promise.all([
    ...volumes
      .filter((volume) => hasExpired(volume) || (state === 'rolled-back' && wasMadeInVain(volume)))
      .map((volume) => discardVolume(volume, isLeft(volume, detail, recovery), id)),
    ...snapshots
      .filter(hasExpired)
      .map((snapshot) => discardSnapshot(snapshot, isSafety(snapshot, detail, recovery), id)),
    ...(state === 'committed' ? [giveOver(detail, id)] : []),
  ]);
  return problems.flatMap((problem) => problem ?? []);
}

/**
 * Snapshots copy the tags of a volume only where none is ours, so that two of one name never meet: until this is done, those of what was
 * restored have not their owner's. What a later recovery has replaced is that one's.
 */
async function giveOver({ swaps }: RestoreDetail, recoveryId: string): Promise<string | undefined> {
  const ids = swaps.flatMap(({ restored }) => restored?.volumeId ?? []);
  const volumes = await describeVolumes([{ Name: 'volume-id', Values: ids }]);
  const marked = volumes.filter((volume) => isMarkedBy(recoveryId, tagsOf(volume)));
  if (marked.length === 0) return undefined;
  const resources = marked.map(({ VolumeId = '' }) => VolumeId);
  const taking = new DeleteTagsCommand({ Resources: resources, Tags: markKeys.map((Key) => ({ Key })) });
  return attempt(resources.join(', '), 'taking the tags off', () => ec2().send(taking));
}

/** After a commit the originals are left, after a roll back what was made in vain, also where the record never learnt its id. */
function isLeft(volume: Volume, { swaps }: RestoreDetail, { state, startedAt }: Recovery): boolean {
  const { VolumeId, SnapshotId, CreateTime } = volume;
  if (state === 'committed') return swaps.some(({ original }) => original?.volumeId === VolumeId);
  const isMadeSince = (CreateTime?.toISOString() ?? '') >= startedAt;
  return swaps.some(
    ({ restored, snapshotId }) => restored?.volumeId === VolumeId || (snapshotId === SnapshotId && isMadeSince),
  );
}

const isSafety = ({ SnapshotId = '', Description }: Snapshot, detail: RestoreDetail, recovery: Recovery): boolean =>
  detail.safetySnapshotIds?.includes(SnapshotId) === true || Description === safetyDescription(recovery);

const discardVolume = ({ VolumeId = '' }: Volume, isOurs: boolean, recoveryId: string) =>
  isOurs
    ? attempt(VolumeId, 'deleting', () => ec2().send(new DeleteVolumeCommand({ VolumeId })))
    : leaveAlone(VolumeId, recoveryId);

const discardSnapshot = ({ SnapshotId = '' }: Snapshot, isOurs: boolean, recoveryId: string) =>
  isOurs ? attempt(SnapshotId, 'deleting', () => deleteSnapshot(SnapshotId)) : leaveAlone(SnapshotId, recoveryId);

function leaveAlone(id: string, recoveryId: string): undefined {
  logger.warn(`${id} carries the tags of the recovery ${recoveryId}, which has not left it: it is left alone.`);
}

/** A volume in use after a committed recovery carries no expiry, so it never counts. */
function hasExpired(resource: Tagged): boolean {
  const expires = Date.parse(tagsOf(resource)[tagKeys.expires] ?? '');
  return !Number.isNaN(expires) && expires <= Date.now();
}

/** The roll back did not get to mark it: it was not visible yet, or EC2 refused. */
const wasMadeInVain = (volume: Tagged): boolean =>
  tagsOf(volume)[tagKeys.role] === 'restored' && tagsOf(volume)[tagKeys.expires] === undefined;

async function attempt(id: string, doing: string, call: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    return codeOf(error) === 'InvalidVolume.NotFound' ? undefined : asFault(error, `${doing} ${id}`).message;
  }
}
