/** Schedules that are due more often than a service makes snapshots. Imported by deploy-time code only. */
import { kindFacts } from './member-kinds.ts';
import type { ManagedMember } from './policy.ts';
import { memberOf, scheduleOf } from './policy-complete.ts';
import type { Mistake, PolicyPath } from './policy-mistakes.ts';
import type { WorkloadShape } from './policy-shape.ts';
import { dueTimes } from './schedule.ts';

const dayMs = 86_400_000;
/** Every pattern but those of single months; a run that comes too soon is refused when it is planned. */
const sampleDays = 31;

/** @param schedule undefined: of no use */
export function checkPace(
  path: PolicyPath,
  schedule: WorkloadShape['schedule'] | undefined,
  members: WorkloadShape['members'],
  nowMs: number,
): Mistake[] {
  const limited = members.map(memberOf).flatMap((member, index) => {
    if ('instance' in member) return [];
    const most = kindFacts(member.kind).snapshotsPerDay?.(member.resource);
    // AWS does not say that a copy under another key does not count.
    const runs = member.copy === undefined ? most : most && Math.floor(most / 2);
    return runs === undefined ? [] : [{ member, index, most: runs }];
  });
  if (schedule === undefined || limited.length === 0) return [];
  const due = mostInADay(dueTimes(scheduleOf(schedule), nowMs, nowMs + sampleDays * dayMs));
  return limited
    .filter(({ most }) => due > most)
    .map(({ member, index, most }) => ({ path: [...path, index], message: tooOften(member, due, most) }));
}

const tooOften = ({ kind, resource, copy }: ManagedMember, due: number, most: number): string =>
  `The schedule is due ${due} times in 24 hours, and of ${kind} ${resource} its service makes at most ${most} snapshots in that time${copy === undefined ? '' : ', their copies counted too'}.`;

/** @param times ascending */
function mostInADay(times: readonly number[]): number {
  let first = 0;
  return times.reduce((most, time, index) => {
    while ((times[first] ?? time) <= time - dayMs) first += 1;
    return Math.max(most, index - first + 1);
  }, 0);
}
