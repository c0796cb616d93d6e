/** Whether volumes can take another snapshot now. */
import type { Snapshot } from '@aws-sdk/client-ec2';
import type { EbsDetail } from './detail.ts';
import { pendingPerVolume, spacingSeconds } from './limits.ts';

/** @returns a sentence when the volume can take no further snapshot now */
export function atPendingLimit(volume: EbsDetail, unfinished: readonly Snapshot[]): string[] {
  const limit = pendingPerVolume(volume.type);
  const count = unfinished.filter(({ VolumeId }) => VolumeId === volume.volumeId).length;
  return count < limit
    ? []
    : [
        `${volume.volumeId} (${volume.device}) has ${count} snapshots pending or in error, and ${volume.type} allows ${limit}: delete those in error, wait for the others.`,
      ];
}

/** A volume whose last snapshot began so recently that EC2 would refuse another inside the window. */
export function tooSoon(volumes: readonly EbsDetail[], unfinished: readonly Snapshot[]): string | undefined {
  const since = Date.now() - spacingSeconds * 1000;
  const recent = unfinished.find(
    ({ VolumeId, StartTime }) =>
      volumes.some(({ volumeId }) => volumeId === VolumeId) && (StartTime?.getTime() ?? 0) > since,
  );
  return (
    recent &&
    `A snapshot of ${recent.VolumeId} began less than ${spacingSeconds} s ago, and EC2 wants that much between two.`
  );
}
