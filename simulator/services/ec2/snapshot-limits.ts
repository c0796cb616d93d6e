import { ApiError } from '../../kernel/service.ts';
import type { Ec2Context } from './context.ts';
import type { SnapshotRecord, VolumeRecord } from './records.ts';

/**
 * Refuses when any of the volumes, or the Region, can take no further snapshot now. Snapshots in `error` count as pending
 * ones do, and so do those whose deletion waits for their completion (EC2 API, "Error codes"; EBS User Guide, "Quotas").
 */
export function checkSnapshotLimits(context: Ec2Context, volumes: readonly VolumeRecord[]): void {
  const { limits } = context;
  const all = [...context.snapshots.values()].filter((snapshot) => isHeld(context, snapshot));
  for (const volume of volumes) {
    checkSpacing(context, volume);
    checkPendingOfVolume(context, volume, all);
  }
  const pending = all.filter((snapshot) => snapshot.state === 'pending').length;
  if (pending + volumes.length > limits.pendingSnapshotsPerRegion) {
    throw new ApiError('PendingSnapshotLimitExceeded', 'Too many pending snapshots in this account.');
  }
  if (all.length + volumes.length > limits.snapshotsPerRegion) {
    throw new ApiError('SnapshotLimitExceeded', 'The maximum number of snapshots has been reached.');
  }
}

function isHeld(context: Ec2Context, snapshot: SnapshotRecord): boolean {
  return snapshot.goneAtMs === undefined || context.clock.nowMs() < snapshot.goneAtMs;
}

function checkSpacing(context: Ec2Context, volume: VolumeRecord): void {
  const sinceMs = context.clock.nowMs() - (volume.lastSnapshotMs ?? Number.NEGATIVE_INFINITY);
  if (sinceMs < context.limits.secondsBetweenSnapshotsOfVolume * 1_000) {
    throw new ApiError(
      'SnapshotCreationPerVolumeRateExceeded',
      'The maximum per volume CreateSnapshot request rate has been exceeded. Use an increasing or variable sleep interval between requests.',
    );
  }
}

function checkPendingOfVolume(context: Ec2Context, volume: VolumeRecord, all: readonly SnapshotRecord[]): void {
  const cold = volume.type === 'st1' || volume.type === 'sc1';
  const limit = cold ? context.limits.pendingSnapshotsPerColdVolume : context.limits.pendingSnapshotsPerVolume;
  const open = all.filter(
    ({ volumeId, state }) => volumeId === volume.id && (state === 'pending' || state === 'error'),
  );
  if (open.length >= limit) {
    throw new ApiError(
      'ConcurrentSnapshotLimitExceeded',
      'Maximum allowed in-progress snapshots for a single volume exceeded.',
    );
  }
}
