/** Automatic snapshots that no service could keep in step with the workload's window. Imported by deploy-time code only. */
import { takesTimeOfDay } from './automatic-snapshots.ts';
import type { ManagedMember, Schedule } from './policy.ts';
import { memberOf, scheduleOf, windowMinutesOf } from './policy-complete.ts';
import type { Mistake, PolicyPath } from './policy-mistakes.ts';
import type { WorkloadShape } from './policy-shape.ts';
import { intervalsOf, parseExpression } from './schedule.ts';

const hourMs = 3_600_000;
/** A week, and an hour for the end of summer time. */
const longestStepMs = (7 * 24 + 1) * hourMs;
const leastMinutes = 60;
const source = 'docs.aws.amazon.com/memorydb/latest/devguide/snapshots-automatic.html';

/** @param sections those of the workload that have the right shape; without its schedule where that is of no use */
export function checkAutomatic(
  path: PolicyPath,
  { members = [], schedule, window }: { readonly [Key in keyof WorkloadShape]?: WorkloadShape[Key] | undefined },
  nowMs: number,
): Mistake[] {
  const minutes = windowMinutesOf({ members, window }) ?? leastMinutes;
  return members.map(memberOf).flatMap((member, index) => {
    if (!('resource' in member) || !makesSome(member)) return [];
    const problems = [
      ...(schedule === undefined ? [] : scheduleProblems(member, scheduleOf(schedule), nowMs)),
      ...(minutes >= leastMinutes || takesTimeOfDay(member) ? [] : [tooShort(member, minutes)]),
    ];
    return problems.map((message) => ({ path: [...path, index, 'automatic'], message }));
  });
}

const makesSome = ({ automatic }: ManagedMember): boolean => automatic !== undefined && automatic.retentionDays > 0;

function scheduleProblems({ kind, resource }: ManagedMember, schedule: Schedule, nowMs: number): readonly string[] {
  const parsed = parseExpression(schedule.expression);
  const hasOneTime = 'kind' in parsed && parsed.kind === 'cron' && parsed.minutesOfDay.length === 1;
  const shortestMs = intervalsOf(schedule, nowMs)?.shortestMs ?? Number.POSITIVE_INFINITY;
  if (hasOneTime && shortestMs <= longestStepMs) return [];
  return [
    `The automatic snapshots of ${kind} ${resource} are made every day at one time, which cannot follow ${schedule.expression}: give the workload a daily or weekly time with cron, or set retentionDays to 0.`,
  ];
}

const tooShort = ({ kind, resource }: ManagedMember, minutes: number): string =>
  `The automatic snapshots of ${kind} ${resource} begin at any time in a window of ${leastMinutes} minutes at least (${source}), which does not fit into the workload's window of ${minutes}: give it ${leastMinutes} minutes or more, or set retentionDays to 0.`;
