/** Whether a run may still begin: what was due at three in the morning is not wanted at nine, when it holds people's work still. */
import { durationWords } from './duration.ts';
import type { Workload } from './policy.ts';
import type { Run } from './run.ts';

/** Whether that time is so long ago that a run of the schedule is refused. */
export const isTooLate = (
  { startWithinMinutes }: Pick<Workload, 'startWithinMinutes'>,
  scheduledAt: string,
  nowMs: number,
): boolean => nowMs > Date.parse(scheduledAt) + (startWithinMinutes ?? Number.POSITIVE_INFINITY) * 60_000;

/** @returns a sentence when the run is refused for that; undefined also of one that an operator asks for, whatever the hour */
export function lateWords(
  workload: Pick<Workload, 'startWithinMinutes'>,
  { scheduledAt, startedAt, trigger }: Run,
  nowMs: number,
): string | undefined {
  if (trigger === 'operator' || !isTooLate(workload, scheduledAt, nowMs)) return undefined;
  const allowed = durationWords((workload.startWithinMinutes ?? 0) * 60_000);
  const end = `and so it could not begin within the ${allowed} of schedule.startWithin.`;
  if (isTooLate(workload, scheduledAt, Date.parse(startedAt))) {
    const late = durationWords(Date.parse(startedAt) - Date.parse(scheduledAt));
    return `The call that begins it came ${late} after its time, ${end}`;
  }
  return `It has waited for pending-snapshot slots of the Region since ${startedAt}, ${end}`;
}
