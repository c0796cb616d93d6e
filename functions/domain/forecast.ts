/**
 * Whether the Region's pending-snapshot slots keep up with the schedules. Snapshots take slots for as long as they complete, so what
 * is due is work that drains at the limit, whatever the order.
 */
import type { Schedule, Workload } from './policy.ts';
import { dueTimes, intervalsOf } from './schedule.ts';

export interface Demand {
  readonly workload: Workload;
  /** Snapshots of one run. */
  readonly slots: number;
}

export interface ForecastOptions {
  readonly nowMs: number;
  /** Snapshots that may be pending at a time. */
  readonly limit: number;
  /** How long one is pending, on the average. */
  readonly secondsEach: number;
}

/** Workloads that share a schedule. */
export interface SharedTime {
  readonly schedule: Schedule;
  readonly workloads: readonly string[];
  readonly snapshots: number;
  /** From the scheduled time until the last of them is complete, at worst within the days looked at. */
  readonly lastCompleteMs: number;
  /** When it is at its worst. */
  readonly dueAt: string;
  /** One sentence each: runs that are refused for their `startWithin`, an RPO that is missed, a next scheduled time that finds it still at work. */
  readonly warnings: readonly string[];
}

export interface Forecast {
  readonly times: readonly SharedTime[];
  /** Work that falls due, as a share of what the Region can do. */
  readonly utilization: number;
  /** A sentence when the backlog grows for ever. */
  readonly refusal?: string;
}

const dayMs = 86_400_000;
const daysAhead = 14;
const minuteMs = 60_000;

interface Group extends Omit<SharedTime, 'lastCompleteMs' | 'dueAt' | 'warnings'> {
  readonly times: readonly number[];
  readonly leastRpoMs: number;
  /** Infinity where all may begin at any hour. */
  readonly leastStartWithinMs: number;
}

export function forecast(demands: readonly Demand[], options: ForecastOptions): Forecast {
  const { nowMs, limit, secondsEach } = options;
  const groups = [...Map.groupBy(demands, ({ workload }) => keyOf(workload.schedule)).values()].map((members) =>
    groupOf(members, nowMs),
  );
  const perSnapshotMs = (secondsEach * 1000) / limit;
  const worst = drain(groups, perSnapshotMs);
  const workMs = groups.reduce((sum, { snapshots, times }) => sum + snapshots * perSnapshotMs * times.length, 0);
  const utilization = workMs / (daysAhead * dayMs);
  return {
    times: groups.flatMap((group) => sharedTime(group, worst.get(group), secondsEach) ?? []),
    utilization,
    ...(utilization <= 1
      ? {}
      : {
          refusal: `The schedules ask for ${Math.round(utilization * 100)} % of the snapshots that the Region can complete (${limit} at a time, ${Math.round(secondsEach)} s each): runs would wait longer every time. Run some of them less often.`,
        }),
  };
}

const keyOf = ({ expression, timeZone }: Schedule): string => `${expression} ${timeZone}`;

function groupOf(members: readonly Demand[], nowMs: number): Group {
  const schedule = members[0]?.workload.schedule ?? { expression: '', timeZone: 'UTC' };
  return {
    schedule,
    workloads: members.map(({ workload }) => workload.name),
    snapshots: members.reduce((sum, { slots }) => sum + slots, 0),
    times: dueTimes(schedule, nowMs, nowMs + daysAhead * dayMs),
    leastRpoMs: Math.min(...members.map(({ workload }) => workload.objectives.rpoMinutes * minuteMs)),
    leastStartWithinMs: Math.min(
      ...members.map(({ workload }) => (workload.startWithinMinutes ?? Number.POSITIVE_INFINITY) * minuteMs),
    ),
  };
}

interface Worst {
  readonly dueMs: number;
  readonly lastCompleteMs: number;
}

/** Lets the work of all due times drain one after another; the worst of each group. */
function drain(groups: readonly Group[], perSnapshotMs: number): ReadonlyMap<Group, Worst> {
  const due = groups.flatMap((group) => group.times.map((timeMs) => ({ group, timeMs })));
  const worst = new Map<Group, Worst>();
  let freeAtMs = 0;
  for (const [timeMs, together] of Map.groupBy(
    due.sort((a, b) => a.timeMs - b.timeMs),
    (each) => each.timeMs,
  )) {
    const snapshots = together.reduce((sum, { group }) => sum + group.snapshots, 0);
    freeAtMs = Math.max(freeAtMs, timeMs) + snapshots * perSnapshotMs;
    for (const { group } of together) {
      const lastCompleteMs = freeAtMs - timeMs;
      if (lastCompleteMs > (worst.get(group)?.lastCompleteMs ?? -1))
        worst.set(group, { dueMs: timeMs, lastCompleteMs });
    }
  }
  return worst;
}

function sharedTime(group: Group, worst: Worst | undefined, secondsEach: number): SharedTime | undefined {
  if (worst === undefined) return undefined;
  const { schedule, workloads, snapshots } = group;
  const { lastCompleteMs, dueMs } = worst;
  const dueAt = new Date(dueMs).toISOString();
  return { schedule, workloads, snapshots, lastCompleteMs, dueAt, warnings: warningsOf(group, worst, secondsEach) };
}

function warningsOf(
  { schedule, leastRpoMs, leastStartWithinMs }: Group,
  { lastCompleteMs, dueMs }: Worst,
  secondsEach: number,
): readonly string[] {
  const intervals = intervalsOf(schedule, dueMs);
  if (intervals === undefined) return [];
  const minutes = Math.ceil(lastCompleteMs / minuteMs);
  const words = `The last of the workloads due at ${keyOf(schedule)} is complete ${minutes} min after its time`;
  const lastBeginMs = lastCompleteMs - secondsEach * 1000;
  return [
    ...(lastBeginMs > leastStartWithinMs
      ? [
          `${words}: what may begin within ${leastStartWithinMs / minuteMs} min only (schedule.startWithin) and still waits by then, is refused.`,
        ]
      : []),
    ...(lastCompleteMs >= intervals.shortestMs ? [`${words}: the next run of it is due before, and is refused.`] : []),
    ...(intervals.longestMs + lastCompleteMs > leastRpoMs
      ? [`${words}: its RPO of ${leastRpoMs / minuteMs} min is missed until then.`]
      : []),
  ];
}
