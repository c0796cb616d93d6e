/** What RDS keeps by itself of instances and clusters: any second of the last days, up to when it last stored their logs. */
import type { Clock } from '../../kernel/clock.ts';
import { ApiError } from '../../kernel/service.ts';
import type { Rows } from './rows.ts';

/** An instance or a cluster. */
export interface Restorable {
  name: string;
  readonly resourceId: string;
  readonly rows: Rows;
  /** From when on it is backed up; undefined: it is not. */
  readonly backedUpSinceMs?: number | undefined;
}

/** RDS User Guide, USER_PIT: logs are uploaded every five minutes. */
const storeMs = 300_000;
const dayMs = 86_400_000;

const storedMs = (ms: number) => Math.floor(ms / storeMs) * storeMs;

export function createRestorables<Kept extends Restorable>(
  { nowMs }: Clock,
  living: () => readonly Kept[],
  daysOf: (kept: Kept) => number,
) {
  /** Deleted ones, with when they were. */
  const retained = new Map<Kept, number>();
  const stillSinceMs = new Map<Kept, number>();

  const windowOf = (kept: Kept) => {
    const { backedUpSinceMs: sinceMs = Number.POSITIVE_INFINITY } = kept;
    const latestMs = Math.min(
      storedMs(retained.get(kept) ?? nowMs()),
      stillSinceMs.get(kept) ?? Number.POSITIVE_INFINITY,
    );
    return { earliestMs: Math.max(sinceMs, nowMs() - daysOf(kept) * dayMs), latestMs };
  };

  /** What is left of a deleted one ends when what was stored last expires. */
  const isLeft = (kept: Kept) => windowOf(kept).earliestMs < windowOf(kept).latestMs;
  const all = (): readonly Kept[] => [
    ...living().filter(({ backedUpSinceMs }) => backedUpSinceMs !== undefined),
    ...[...retained.keys()].filter(isLeft),
  ];

  return {
    all,
    ofResource: (id = '') => all().find(({ resourceId }) => resourceId.toLowerCase() === id.toLowerCase()),
    isRetained: (kept: Kept) => retained.has(kept),
    retain: (kept: Kept) => void retained.set(kept, nowMs()),
    standStill: (kept: Kept) => void stillSinceMs.set(kept, storedMs(nowMs())),
    /** Undefined while the first backup is under way. */
    windowOf: (kept: Kept): { EarliestTime: Date; LatestTime: Date } | undefined => {
      const { earliestMs, latestMs } = windowOf(kept);
      return latestMs < earliestMs ? undefined : { EarliestTime: new Date(earliestMs), LatestTime: new Date(latestMs) };
    },
    /** @param at undefined: as late as can be */
    rowsAsOf: (kept: Kept, at: Date | undefined): readonly string[] => {
      const { earliestMs, latestMs } = windowOf(kept);
      const atMs = at?.getTime() ?? latestMs;
      if (atMs >= earliestMs && atMs <= latestMs) return kept.rows.asOf(atMs);
      throw new ApiError('InvalidRestoreFault', `${kept.name} cannot be restored to ${at?.toISOString()}.`);
    },
  };
}
