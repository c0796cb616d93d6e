/** What should exist by now, and does not. */
import { invariantBroken } from './faults.ts';
import type { Point } from './point.ts';
import type { Workload } from './policy.ts';
import { isOpen, type Run } from './run.ts';
import { dueTimes, parseExpression } from './schedule.ts';

const minuteMs = 60_000;

export type Missing =
  /** A due time without a run of any state (a refused one was there, and has its own mail). */
  | { readonly kind: 'missed'; readonly dueAt: string }
  /** Still open though its window should have ended (`window`) or its point should have been sealed within the RPO (`rpo`). */
  | { readonly kind: 'late'; readonly run: Run; readonly reason: 'window' | 'rpo'; readonly sinceAt: string };

/**
 * @param runs the workload's runs scheduled since `sinceMs` (for a rate: with one more before it, if there is), in any order
 * @param sinceMs the earliest time that counts: when the workload was deployed, or an earlier answer was given
 * @param options `graceMs`: what Scheduler and the beginning of a run may take, 10 minutes; `fromMs`: since when there has been the schedule:
 *   runs of before tell nothing of the phase of a rate
 * @returns missed due times, then late runs, oldest first
 */
export function missing(
  workload: Workload,
  runs: readonly Run[],
  nowMs: number,
  sinceMs: number,
  { graceMs = 10 * minuteMs, fromMs = 0 }: { readonly graceMs?: number; readonly fromMs?: number } = {},
): Missing[] {
  const missed = missedTimes(workload, runs, { sinceMs, untilMs: nowMs - graceMs, fromMs });
  const late = runs.flatMap((run) => lateness(workload, run, nowMs, graceMs) ?? []);
  return [
    ...missed.map((time): Missing => ({ kind: 'missed', dueAt: new Date(time).toISOString() })),
    ...late.sort((one, other) => (one.sinceAt < other.sinceAt ? -1 : 1)),
  ];
}

/** A second is the precision of a run's id. */
const timeOf = ({ scheduledAt }: Run) => Math.floor(Date.parse(scheduledAt) / 1000) * 1000;

interface Span {
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly fromMs: number;
}

function missedTimes(workload: Workload, runs: readonly Run[], { sinceMs, untilMs, fromMs }: Span): number[] {
  const parsed = parseExpression(workload.schedule.expression);
  if ('problem' in parsed) throw invariantBroken(`A schedule was used unchecked. ${parsed.problem}`);
  if (parsed.kind === 'rate') {
    const scheduled = runs.filter(({ trigger }) => trigger === 'schedule').map(timeOf);
    const own = scheduled.filter((time) => time >= fromMs);
    return missedOfRate(own, parsed.intervalMs, sinceMs, untilMs);
  }
  // An operator's run of that very second has the name that the schedule's would have had.
  const known = new Set(runs.map(timeOf));
  return dueTimes(workload.schedule, sinceMs, untilMs).filter((time) => !known.has(time));
}

/**
 * The phase of a rate is known only from runs, so each run promises the next, one interval later; without any, the first is due
 * within one interval of `sinceMs`. A run that comes up to half an interval late is that run.
 */
function missedOfRate(ran: readonly number[], intervalMs: number, sinceMs: number, untilMs: number): number[] {
  const missed: number[] = [];
  let anchor = sinceMs;
  for (const time of [...ran.toSorted((one, other) => one - other), Number.POSITIVE_INFINITY]) {
    const end = Math.min(time - intervalMs / 2, untilMs);
    for (let due = anchor + intervalMs; due <= end; due += intervalMs) if (due > sinceMs) missed.push(due);
    anchor = time;
  }
  return missed;
}

function lateness(workload: Workload, run: Run, nowMs: number, graceMs: number) {
  if (!isOpen(run)) return undefined;
  const late = (reason: 'window' | 'rpo', sinceMs: number) =>
    nowMs > sinceMs ? { kind: 'late' as const, run, reason, sinceAt: new Date(sinceMs).toISOString() } : undefined;
  const { window } = run;
  const held = run.state === 'holding' && window?.holds.some((hold) => hold.state !== 'free');
  const overdue = held ? late('window', Date.parse(window?.deadlineAt ?? '') + graceMs) : undefined;
  return overdue ?? late('rpo', Date.parse(run.scheduledAt) + workload.objectives.rpoMinutes * minuteMs);
}

export type RpoState =
  | { readonly state: 'met'; readonly ageMs: number; readonly rpoMs: number; readonly remainingMs: number }
  | { readonly state: 'missed'; readonly ageMs: number; readonly rpoMs: number; readonly overdueMs: number }
  /** There is no such point at all. */
  | { readonly state: 'none'; readonly rpoMs: number };

/** @param newestPoint the newest live point whose times are in order; its age counts from the moment its data is from */
export function rpoState(workload: Workload, newestPoint: Point | undefined, nowMs: number): RpoState {
  const rpoMs = workload.objectives.rpoMinutes * minuteMs;
  if (newestPoint === undefined) return { state: 'none', rpoMs };
  const ageMs = Math.max(0, nowMs - Date.parse(newestPoint.takenAt));
  return ageMs <= rpoMs
    ? { state: 'met', ageMs, rpoMs, remainingMs: rpoMs - ageMs }
    : { state: 'missed', ageMs, rpoMs, overdueMs: ageMs - rpoMs };
}
