import type { Random } from '../../kernel/random.ts';

/**
 * Typical durations of what EC2 and EBS do behind a call, in milliseconds. AWS publishes none of them; these are what
 * people see in practice, and every one can be overridden when the service is created.
 */
export const TYPICAL_MS = {
  createEmptyVolume: 3_000,
  createVolumeFromSnapshot: 8_000,
  keyFailure: 4_000,
  deleteVolume: 5_000,
  attachVolume: 4_000,
  detachVolume: 6_000,
  /** A detach of a mounted device shows `busy` after this long. */
  noticeBusy: 2_000,
  /** How long the instance's view of an attachment differs from the volume's. */
  attachmentViewLag: 700,
  stopInstance: 40_000,
  /** From the stop request until the guest has flushed and unmounted. */
  shutdownGuest: 5_000,
  startInstance: 15_000,
  passStatusChecks: 90_000,
  terminateInstance: 30_000,
  /** How long a new or deleted resource is still unknown or still known to other calls. */
  visibility: 800,
  /** From CreateImage until its first snapshot begins, from one snapshot to the next, and from the last one's end until it is available. */
  beginImage: 1_500,
  nextImageSnapshot: 300,
  registerImage: 5_000,
  completeSnapshot: 30_000,
  /** On top, for each GiB that changed since the volume's last snapshot. */
  completeSnapshotPerGib: 8_000,
} as const;

export type DurationName = keyof typeof TYPICAL_MS;

export interface Durations {
  /** One duration in whole milliseconds, jittered by up to a fifth either way. */
  take(name: DurationName): number;
}

/** `overrides` replace typical values; `jitter` is the share they vary by (default 0.2; 0 for exact times). */
export function createDurations(
  random: Random,
  overrides: Partial<Record<DurationName, number>> = {},
  jitter = 0.2,
): Durations {
  return {
    take: (name) => Math.round((overrides[name] ?? TYPICAL_MS[name]) * random.between(1 - jitter, 1 + jitter)),
  };
}
