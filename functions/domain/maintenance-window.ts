/**
 * Weekly maintenance windows as services write them (`sun:23:30-mon:00:30`, UTC), and daily ones (`22:00-08:00`), against the times of runs.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Maintenance.html
 */
import type { Workload } from './policy.ts';
import { dueTimes } from './schedule.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
/** 1970 began on a Thursday. */
const epochDay = 4;
/** Of a workload whose policy says none: its snapshots have begun by then. */
const assumedMinutes = 30;

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
  readonly everyMs: number;
}

/**
 * The first run of the next eight days that a window meets. When runs of a `rate` are is not known, so none of theirs.
 * @returns epoch ms; undefined: none does, or the window is not written as one
 */
export function runInMaintenance(window: string, workload: Workload, nowMs: number): number | undefined {
  const { schedule, windowMinutes = assumedMinutes } = workload;
  const span = spanOf(window);
  if (span === undefined || schedule.expression.startsWith('rate')) return undefined;
  return dueTimes(schedule, nowMs, nowMs + 8 * dayMs).find((atMs) => meets(span, atMs, windowMinutes * minuteMs));
}

function meets({ fromMs, toMs, everyMs }: Span, atMs: number, heldMs: number): boolean {
  const phaseMs = (atMs + epochDay * dayMs) % everyMs;
  return [-everyMs, 0, everyMs].some((shift) => phaseMs < toMs + shift && fromMs + shift < phaseMs + heldMs);
}

function spanOf(window: string): Span | undefined {
  const [from, to] = window.toLowerCase().split('-').map(instantOf);
  if (from === undefined || to === undefined) return undefined;
  const everyMs = from.isWeekly ? 7 * dayMs : dayMs;
  return { fromMs: from.ms, toMs: to.ms > from.ms ? to.ms : to.ms + everyMs, everyMs };
}

function instantOf(text: string): { readonly ms: number; readonly isWeekly: boolean } | undefined {
  const [, day, hours, minutes] = /^(?:([a-z]{3}):)?(\d{1,2}):(\d{2})$/.exec(text) ?? [];
  const index = day === undefined ? 0 : days.indexOf(day);
  if (hours === undefined || index < 0) return undefined;
  return { ms: index * dayMs + (Number(hours) * 60 + Number(minutes)) * minuteMs, isWeekly: day !== undefined };
}
