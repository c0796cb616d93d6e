/** What a continuous backup cannot keep, whatever its owner sets. Imported by deploy-time code only. */
import { durationWords } from './duration.ts';
import { kindFacts } from './member-kinds.ts';
import { isContinuous, scheduleOf } from './policy-complete.ts';
import type { Mistake, PolicyPath } from './policy-mistakes.ts';
import type { WorkloadShape } from './policy-shape.ts';
import { intervalsOf } from './schedule.ts';

const dayMs = 86_400_000;

/** @param sections those of the workload that have the right shape; without its schedule where that is of no use */
export function checkContinuous(
  path: PolicyPath,
  { members = [], retention, schedule }: { readonly [Key in keyof WorkloadShape]?: WorkloadShape[Key] | undefined },
  nowMs: number,
): Mistake[] {
  const [member] = members.filter(isContinuous);
  if (member === undefined || retention === undefined) return [];
  const { days, minimum } = retention;
  const most = kindFacts(member.kind).continuousDays ?? 0;
  if (days > most) {
    const message = `The continuous backup of ${member.kind} is kept ${most} days at most, so no point of it can be kept ${days}.`;
    return [{ path: [...path, 'days'], message, expected: `at most ${most}` }];
  }
  const longestMs = schedule === undefined ? 0 : (intervalsOf(scheduleOf(schedule), nowMs)?.longestMs ?? 0);
  if (longestMs * minimum <= days * dayMs) return [];
  const message = `The newest ${minimum} points span up to ${durationWords(longestMs * minimum)}, and what is continuous is gone after ${days} days: no point is kept for being one of the newest.`;
  return [{ path: [...path, 'minimum'], message, expected: `at most ${Math.floor((days * dayMs) / longestMs)}` }];
}
