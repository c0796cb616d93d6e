/** The service's own snapshots in the words that ElastiCache and MemoryDB have in common. */
import type { AutomaticSnapshots } from '#domain/automatic-snapshots.ts';

interface Settings {
  readonly SnapshotRetentionLimit?: number | undefined;
  readonly SnapshotWindow?: string | undefined;
}

/** @param shown a cluster of either, or a replication group */
export const automaticOf = ({ SnapshotRetentionLimit, SnapshotWindow }: Settings): AutomaticSnapshots => ({
  retentionDays: SnapshotRetentionLimit ?? 0,
  ...(SnapshotWindow === undefined ? {} : { window: SnapshotWindow }),
});

/** As the calls take them; without a window the present one stays. */
export const automaticSettings = ({ retentionDays, window }: AutomaticSnapshots) => ({
  SnapshotRetentionLimit: retentionDays,
  SnapshotWindow: window,
});
