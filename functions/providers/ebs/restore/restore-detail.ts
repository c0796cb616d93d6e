/** What a recovery knows of one instance: which volumes go, which come, and how things were found. */
import { invariantBroken } from '#domain/faults.ts';
import type { RecoveryTarget } from '#domain/recovery.ts';
import type { EbsDetail } from '../detail.ts';

export interface RestoreDetail extends Record<string, unknown> {
  readonly instanceId: string;
  /** The instance's, in which the volumes are made. */
  readonly availabilityZone: string;
  /** As it was found; that is how it is left, recovered or rolled back. */
  readonly wasRunning: boolean;
  readonly swaps: readonly Swap[];
  /** What a safety snapshot leaves out: volumes that are not replaced. */
  readonly excludeBootVolume: boolean;
  readonly excludeDataVolumeIds: readonly string[];
  readonly safetySnapshotIds?: readonly string[];
  /** The status checks have passed since the start. */
  readonly checkedStatus?: boolean;
  /** So many of what is to be done in the guest, in order. */
  readonly tasksDone?: number;
  /** SSM command of the next one, when it is under way. */
  readonly checkCommandId?: string;
}

/** One device: the volume under it now, and the one that takes its place. */
export interface Swap {
  readonly device: string;
  readonly snapshotId: string;
  /** How the volume was set when the snapshot was taken. */
  readonly settings: EbsDetail;
  /** As the original has it; without an original, as it was when the snapshot was taken. */
  readonly deleteOnTermination: boolean;
  /** Absent when nothing is attached under the device. */
  readonly original?: Original;
  readonly restored?: { readonly volumeId: string; readonly askedAt: string };
}

export interface Original extends EbsDetail {
  /** `holdfast:` tags that it had (from an earlier recovery): put back when this one is undone. */
  readonly marks: Readonly<Record<string, string>>;
}

/** @throws InvariantBroken when the target is not one of this provider's */
export function restoreDetail(target: RecoveryTarget): RestoreDetail {
  const { detail } = target;
  if (target.kind === 'ebs' && isRestoreDetail(detail)) return detail;
  throw invariantBroken(`The recovery's record of ${target.resource} is not one of an EBS recovery.`);
}

function isRestoreDetail(value: Readonly<Record<string, unknown>>): value is RestoreDetail {
  return (
    typeof value.instanceId === 'string' &&
    typeof value.availabilityZone === 'string' &&
    typeof value.wasRunning === 'boolean' &&
    Array.isArray(value.swaps)
  );
}

export const targetOf = (detail: RestoreDetail): RecoveryTarget => ({
  kind: 'ebs',
  resource: detail.instanceId,
  detail,
});
