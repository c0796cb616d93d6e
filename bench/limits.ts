/**
 * What AWS allows, as data, and the least time that it leaves to anybody.
 * Sources: EC2 developer guide, "Request throttling for the Amazon EC2 API"; Service Quotas L-94D7AB7D (pending snapshots a
 * Region, not adjustable).
 */
export const createSnapshots = { burst: 100, refillPerSecond: 5 } as const;
export const pendingSnapshots = 100;

export interface Floor {
  /** Until the last snapshot is asked for. */
  readonly askedSeconds: number;
  /** Until the last snapshot is complete. */
  readonly finishedSeconds: number;
}

/** How long the snapshots of a night take: all together, and the longest of them. */
export interface Completion {
  readonly sumSeconds: number;
  readonly longestSeconds: number;
}

/**
 * Lower bounds for any order and any orchestrator. Tokens: the last call is not before (calls - burst) / refill. Slots: a hundred snapshots at
 * a time take at least their sum / 100 together, so that the last cannot begin before that less the longest.
 * @param calls CreateSnapshots calls: one an instance
 */
export function floorOf(calls: number, { sumSeconds, longestSeconds }: Completion): Floor {
  const tokensSeconds = Math.max(0, (calls - createSnapshots.burst) / createSnapshots.refillPerSecond);
  const slotsSeconds = sumSeconds / pendingSnapshots;
  return {
    askedSeconds: Math.max(tokensSeconds, slotsSeconds - longestSeconds, 0),
    finishedSeconds: Math.max(tokensSeconds, slotsSeconds, longestSeconds),
  };
}

/** What is expected of so many volumes whose snapshots take so long on the average. */
export const expected = (volumes: number, meanSeconds: number): Completion => ({
  sumSeconds: volumes * meanSeconds,
  longestSeconds: meanSeconds,
});
