/** Settings of automatic snapshots, as ElastiCache and MemoryDB refuse them; none is ever made here. */
import { ApiError } from '../../kernel/service.ts';

export interface AutomaticSettings {
  readonly SnapshotRetentionLimit?: number | undefined;
  readonly SnapshotWindow?: string | undefined;
}

const dayMinutes = 1440;
const mostDays = 35;
const leastMinutes = 60;

interface Span {
  readonly from: number;
  readonly minutes: number;
}

/** @param code of a value that is refused: each protocol has its own */
export function refuseRetention(days: number | undefined, code: string): void {
  if (days !== undefined && !(days >= 0 && days <= mostDays)) {
    throw new ApiError(code, `Snapshot retention limit must be between 0 and ${mostDays}.`);
  }
}

/** @param maintenance `ddd:hh:mm-ddd:hh:mm`, of less than a day */
export function refuseAutomatic(asked: AutomaticSettings, maintenance: string | undefined, code: string): void {
  refuseRetention(asked.SnapshotRetentionLimit, code);
  if (asked.SnapshotWindow === undefined) return;
  const window = spanOf(asked.SnapshotWindow);
  if (window === undefined) throw new ApiError(code, `Invalid snapshot window: ${asked.SnapshotWindow}.`);
  if (window.minutes < leastMinutes)
    throw new ApiError(code, `Snapshot window must be at least ${leastMinutes} minutes.`);
  const other = maintenance === undefined ? undefined : spanOf(maintenance.replaceAll(/[a-z]{3}:/g, ''));
  if (other !== undefined && overlap(window, other)) {
    throw new ApiError(code, 'The snapshot window and maintenance window must not overlap.');
  }
}

/** @param text `hh:mm-hh:mm`, perhaps over midnight */
function spanOf(text: string): Span | undefined {
  const [, ...digits] = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  const [fromHour, fromMinute, toHour, toMinute] = digits.map(Number);
  if (fromHour === undefined || fromMinute === undefined || toHour === undefined || toMinute === undefined) {
    return undefined;
  }
  const from = fromHour * 60 + fromMinute;
  return { from, minutes: after(from, toHour * 60 + toMinute) };
}

/** Minutes from one time of day to the next such. */
const after = (from: number, to: number): number => (to - from + dayMinutes) % dayMinutes;

/** A snapshot is made every day, so the day of the maintenance does not matter. */
const overlap = (one: Span, other: Span): boolean =>
  after(one.from, other.from) < one.minutes || after(other.from, one.from) < other.minutes;

/** What a change says nothing of stays. */
export const given = <Settings extends object>(settings: Settings): Partial<Settings> =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as Partial<Settings>; // the same keys, fewer
