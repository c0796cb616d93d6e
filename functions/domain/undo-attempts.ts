/** How often a recovery whose execution is gone is undone: a few times at once, then at a slow pace, for as long as it has no end. */
import type { Recovery } from './recovery.ts';

/** Attempts, one right after another; each that ends without an outcome leaves a failed execution behind. */
export const attemptsAtOnce = 5;
/** Between two attempts afterwards, in minutes: what is in the way may be gone, and the application may be down. */
export const slowPaceMinutes = 15;

/** The attempt that is due or under way. */
export const undoOf = ({ undo, startedAt }: Recovery): NonNullable<Recovery['undo']> =>
  undo ?? { attempt: 1, dueAt: startedAt };

/** Whether so many attempts have ended without an outcome that a person has to look. */
export const isStuck = (recovery: Recovery): boolean => undoOf(recovery).attempt > attemptsAtOnce;

/** The record once an attempt has ended without an outcome. At the slow pace the next has the whole time of a roll back again. */
export function undoneAgain(recovery: Recovery, nowMs: number): Recovery {
  const attempt = undoOf(recovery).attempt + 1;
  const isSlow = attempt > attemptsAtOnce;
  const dueAt = new Date(nowMs + (isSlow ? slowPaceMinutes * 60_000 : 0)).toISOString();
  const next = { ...recovery, undo: { attempt, dueAt } };
  return isSlow && recovery.state === 'rolling-back' ? begunAnew(next, new Date(nowMs).toISOString()) : next;
}

const begunAnew = (recovery: Recovery, at: string): Recovery => ({
  ...recovery,
  phases: [
    ...recovery.phases.map((phase) => (phase.endedAt === undefined ? { ...phase, endedAt: at } : phase)),
    { phase: 'roll-back', startedAt: at },
  ],
});
