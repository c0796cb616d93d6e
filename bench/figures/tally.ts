/** Counts of a region's calls that stay small however long the night: the log is emptied as it is counted. */
import type { CallLog } from '#simulator/kernel/call-log.ts';
import { capacityMeter } from './capacity.ts';

export interface Tally {
  /** Calls by `caller service:operation outcome`, the operator's own (the measurement's) left out. */
  readonly calls: Record<string, number>;
  /** Throttles while the caller held a guest still. */
  throttledInsideWindow: number;
  /** Throttles of EC2, SSM, Lambda and others anywhere. */
  throttled: number;
  /** Writes to the table that were accepted or refused. */
  writes: number;
  /** What calls of the table cost (`capacity.ts`). */
  writeUnits: number;
  readUnits: number;
}

const throttles = /^(RequestLimitExceeded|Throttl|TooManyRequests|Throttled)/;
/** What runs between the first quiesce and the last release. */
const insideWindow = /^function:.*(Quiesce|BeginTiers|Release)Function/;

export const newTally = (): Tally => ({
  calls: {},
  throttledInsideWindow: 0,
  throttled: 0,
  writes: 0,
  writeUnits: 0,
  readUnits: 0,
});

/** Adds what the log has, and empties it. @param meter has followed the table since it was made */
export function take(tally: Tally, log: CallLog, meter: ReturnType<typeof capacityMeter> = capacityMeter()): void {
  for (const record of log.all()) {
    const { call, outcome, errorCode = '' } = record;
    const units = meter(record);
    if (call.caller.kind === 'operator') continue;
    if (call.operation === 'PutItem') tally.writes += 1;
    tally.writeUnits += units.write;
    tally.readUnits += units.read;
    const key = `${callerOf(call.caller.name)} ${call.service}:${call.operation} ${outcome}${errorCode && `:${errorCode}`}`;
    tally.calls[key] = (tally.calls[key] ?? 0) + 1;
    if (!throttles.test(errorCode)) continue;
    tally.throttled += 1;
    if (insideWindow.test(call.caller.name)) tally.throttledInsideWindow += 1;
  }
  log.clear();
}

/** `function:begin-run`, `schedule`: without the stack's and CloudFormation's parts. */
const callerOf = (name: string): string =>
  name
    .replace(/^(schedule):.*/, '$1')
    .replace(/^([a-z-]+):[^-]+-(Rules)?(.*?)(Function|Machine)?[0-9A-F]{8}-.*/, '$1:$3');

/** Sum of the counts whose key fits. */
export const count = ({ calls }: Pick<Tally, 'calls'>, pattern: RegExp): number =>
  Object.entries(calls).reduce((sum, [key, times]) => sum + (pattern.test(key) ? times : 0), 0);
