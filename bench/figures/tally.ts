/** Counts of a region's calls that stay small however long the night: the log is emptied as it is counted. */
import type { CallLog } from '#simulator/kernel/call-log.ts';

export interface Tally {
  /** Calls by `caller service:operation outcome`, the operator's own (the measurement's) left out. */
  readonly calls: Record<string, number>;
  /** Throttles while the caller held a guest still. */
  throttledInsideWindow: number;
  /** Throttles of EC2, SSM, Lambda and others anywhere. */
  throttled: number;
}

const throttles = /^(RequestLimitExceeded|Throttl|TooManyRequests|Throttled)/;
/** What runs between the first quiesce and the last release. */
const insideWindow = /^function:.*(Quiesce|BeginTier|Release)/;

export const newTally = (): Tally => ({ calls: {}, throttledInsideWindow: 0, throttled: 0 });

/** Adds what the log has, and empties it. */
export function take(tally: Tally, log: CallLog): void {
  for (const { call, outcome, errorCode = '' } of log.all()) {
    if (call.caller.kind === 'operator') continue;
    const key = `${call.caller.name} ${call.service}:${call.operation} ${outcome}${errorCode && `:${errorCode}`}`;
    tally.calls[key] = (tally.calls[key] ?? 0) + 1;
    if (!throttles.test(errorCode)) continue;
    tally.throttled += 1;
    if (insideWindow.test(call.caller.name)) tally.throttledInsideWindow += 1;
  }
  log.clear();
}

/** Sum of the counts whose key fits. */
export const count = ({ calls }: Pick<Tally, 'calls'>, pattern: RegExp): number =>
  Object.entries(calls).reduce((sum, [key, times]) => sum + (pattern.test(key) ? times : 0), 0);
