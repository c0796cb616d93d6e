/**
 * When runs are due: EventBridge Scheduler's words (`cron(0 3 * * ? *)` in a zone, `rate(12 hours)`) as times.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 *
 * A rate counts from the schedule's creation, which is not known here: it is taken to count from the Unix epoch. Its spacing is
 * right, its phase is not, so whoever compares with real runs must allow for one interval.
 */
import { type Cron, type Problem, parseCron } from './cron.ts';
import { invariantBroken } from './faults.ts';
import type { Schedule } from './policy.ts';
import { civilOf, instantsOf, isZone } from './zone.ts';

const dayMs = 86_400_000;
const sampleMs = 400 * dayMs;
const unitsMs: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: dayMs };
const lastYear = 2200;

export interface Rate {
  readonly kind: 'rate';
  readonly intervalMs: number;
}

/** @returns what `cron(…)` or `rate(…)` means, or one plain sentence on what is wrong with it */
export function parseExpression(expression: string): Cron | Rate | Problem {
  const [, kind, inner = ''] = /^\s*(cron|rate)\((.*)\)\s*$/.exec(expression) ?? [];
  if (kind === 'cron') return parseCron(inner);
  if (kind === 'rate') return parseRate(inner);
  return { problem: `"${expression}" is neither cron(…) nor rate(…).` };
}

function parseRate(text: string): Rate | Problem {
  const [, value, unit] = /^\s*([1-9]\d{0,5})\s+(minute|hour|day)s?\s*$/.exec(text) ?? [];
  const unitMs = unitsMs[unit ?? ''];
  if (unitMs === undefined) return { problem: `rate takes a whole number and minutes, hours or days, not "${text}".` };
  return { kind: 'rate', intervalMs: Number(value) * unitMs };
}

/** @returns one plain sentence on the expression or the zone, or undefined when both can be used (it may still never be due). */
export function scheduleProblem(schedule: Schedule): string | undefined {
  const parsed = parseExpression(schedule.expression);
  if ('problem' in parsed) return parsed.problem;
  return isZone(schedule.timeZone) ? undefined : `"${schedule.timeZone}" is not a time zone of the IANA database.`;
}

function parsedOf(schedule: Schedule): Cron | Rate {
  const parsed = parseExpression(schedule.expression);
  if ('problem' in parsed) throw invariantBroken(`A schedule was used unchecked. ${parsed.problem}`);
  return parsed;
}

const floorTo = (time: number, step: number) => Math.floor(time / step) * step;

function isDueDay(cron: Cron, civilDayMs: number): boolean {
  const day = new Date(civilDayMs);
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth() + 1];
  return cron.years.has(year) && cron.months.has(month) && cron.isDueDay(year, month, day.getUTCDate());
}

const dueOn = (cron: Cron, civilDayMs: number, zone: string) =>
  isDueDay(cron, civilDayMs) ? instantsOf(civilDayMs, cron.minutesOfDay, zone) : [];

/** Due times after `afterMs`, ascending, without end but the calendar's. */
function* ascending(schedule: Schedule, afterMs: number): Generator<number> {
  const parsed = parsedOf(schedule);
  if (parsed.kind === 'rate') {
    for (let time = floorTo(afterMs, parsed.intervalMs) + parsed.intervalMs; ; time += parsed.intervalMs) yield time;
  }
  let latest = afterMs;
  const endMs = Date.UTC(lastYear, 0, 1);
  for (let day = floorTo(civilOf(afterMs, schedule.timeZone), dayMs) - dayMs; day <= endMs; day += dayMs) {
    for (const time of dueOn(parsed, day, schedule.timeZone)) {
      if (time > latest) yield time;
      latest = Math.max(latest, time);
    }
  }
}

export const isSameSchedule = (one: Schedule, other: Schedule): boolean =>
  one.expression === other.expression && one.timeZone === other.timeZone;

/** @returns the due times in (`fromMs`, `toMs`], ascending, epoch ms */
export function dueTimes(schedule: Schedule, fromMs: number, toMs: number): number[] {
  const times: number[] = [];
  for (const time of ascending(schedule, fromMs)) {
    if (time > toMs) break;
    times.push(time);
  }
  return times;
}

/** @returns the first due time after `afterMs`, or undefined when there is none before the year 2200 */
export function nextDue(schedule: Schedule, afterMs: number): number | undefined {
  return ascending(schedule, afterMs).next().value ?? undefined;
}

/** @returns the last due time before `beforeMs`, or undefined when there is none since 1970 */
export function previousDue(schedule: Schedule, beforeMs: number): number | undefined {
  const parsed = parsedOf(schedule);
  if (parsed.kind === 'rate') return floorTo(beforeMs - 1, parsed.intervalMs);
  for (let day = floorTo(civilOf(beforeMs, schedule.timeZone), dayMs) + dayMs; day >= 0; day -= dayMs) {
    const found = dueOn(parsed, day, schedule.timeZone).findLast((time) => time < beforeMs);
    if (found !== undefined) return found;
  }
  return undefined;
}

export interface Intervals {
  readonly shortestMs: number;
  readonly longestMs: number;
  /** The due time that begins the longest one. */
  readonly longestFromMs: number;
}

/**
 * The time between two runs, over 400 days from `fromMs` or as many as two intervals need. A nightly one in a zone with summer
 * time has 23 to 25 hours, and 47 or more where spring forward leaves its time out.
 *
 * @returns undefined when the schedule is due less than twice
 */
export function intervalsOf(schedule: Schedule, fromMs: number): Intervals | undefined {
  let found: Intervals | undefined;
  let previous: number | undefined;
  let count = 0;
  for (const time of ascending(schedule, fromMs)) {
    if (time > fromMs + sampleMs && count > 2) break;
    if (previous !== undefined) found = widened(found, previous, time);
    previous = time;
    count += 1;
  }
  return found;
}

function widened(known: Intervals | undefined, fromMs: number, toMs: number): Intervals {
  const length = toMs - fromMs;
  if (known === undefined) return { shortestMs: length, longestMs: length, longestFromMs: fromMs };
  const shortestMs = Math.min(known.shortestMs, length);
  return length > known.longestMs ? { shortestMs, longestMs: length, longestFromMs: fromMs } : { ...known, shortestMs };
}

/** The least time between two runs from 2026 on, ms; undefined when the schedule is due less than twice. */
export const shortestIntervalMs = (schedule: Schedule): number | undefined =>
  intervalsOf(schedule, Date.UTC(2026, 0, 1))?.shortestMs;
