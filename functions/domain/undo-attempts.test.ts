import { expect, it } from 'vitest';
import { sampleRecovery } from './samples-for-tests.ts';
import { attemptsAtOnce, isStuck, slowPaceMinutes, undoneAgain, undoOf } from './undo-attempts.ts';

const nowMs = Date.UTC(2026, 10, 21, 13);
const now = new Date(nowMs).toISOString();
const later = new Date(nowMs + slowPaceMinutes * 60_000).toISOString();
const atAttempt = (attempt: number) => sampleRecovery({ undo: { attempt, dueAt: now } });

it('the first attempt is due as soon as its execution is gone', () => {
  const recovery = sampleRecovery();
  expect(undoOf(recovery)).toEqual({ attempt: 1, dueAt: recovery.startedAt });
  expect(isStuck(recovery)).toBe(false);
});

it('a few follow at once, then a person is called, and the next are due a quarter of an hour after one another', () => {
  for (let attempt = 1; attempt < attemptsAtOnce; attempt += 1) {
    const next = undoneAgain(atAttempt(attempt), nowMs);
    expect(next.undo).toEqual({ attempt: attempt + 1, dueAt: now });
    expect(isStuck(next)).toBe(false);
  }
  for (const attempt of [attemptsAtOnce, 40]) {
    const next = undoneAgain(atAttempt(attempt), nowMs);
    expect(next.undo).toEqual({ attempt: attempt + 1, dueAt: later });
    expect(isStuck(next)).toBe(true);
  }
});

it('a roll back that is under way has its whole time again at the slow pace, and only then', () => {
  const phases = [
    { phase: 'stop', startedAt: '2026-11-21T12:00:00.000Z', endedAt: '2026-11-21T12:01:00.000Z' },
    { phase: 'roll-back', startedAt: '2026-11-21T12:01:00.000Z' },
  ];
  const rolling = { state: 'rolling-back', phases } as const;
  expect(undoneAgain({ ...atAttempt(attemptsAtOnce), ...rolling }, nowMs).phases).toEqual([
    phases[0],
    { ...phases[1], endedAt: now },
    { phase: 'roll-back', startedAt: now },
  ]);
  expect(undoneAgain({ ...atAttempt(1), ...rolling }, nowMs).phases).toBe(phases);
  expect(undoneAgain({ ...atAttempt(attemptsAtOnce), state: 'stop', phases }, nowMs).phases).toBe(phases);
});
