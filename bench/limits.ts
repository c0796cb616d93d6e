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

/**
 * `askedSeconds` = max of what the token bucket allows, (calls - burst) / refill, and of waiting for slots: the last snapshot can begin only once
 * all but the last hundred are complete. `finishedSeconds`: volumes / slots x mean completion, and never less than one completion.
 * @param calls CreateSnapshots calls: one an instance
 */
export function floorOf(volumes: number, calls: number, meanCompletionSeconds: number): Floor {
  const tokensSeconds = Math.max(0, (calls - createSnapshots.burst) / createSnapshots.refillPerSecond);
  const rounds = Math.max(1, volumes / pendingSnapshots);
  const slotsSeconds = (rounds - 1) * meanCompletionSeconds;
  return {
    askedSeconds: Math.max(tokensSeconds, slotsSeconds),
    finishedSeconds: Math.max(tokensSeconds, slotsSeconds) + meanCompletionSeconds,
  };
}
