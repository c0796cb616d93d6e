import { describe, expect, it } from 'vitest';
import { sampleRun } from './samples-for-tests.ts';
import { isTooLate, lateWords } from './start-within.ts';

const dueAt = '2026-11-21T03:00:00.000Z';
const dueMs = Date.parse(dueAt);
const minuteMs = 60_000;
const workload = { startWithinMinutes: 120 };
const run = (changes: object = {}) =>
  sampleRun({ scheduledAt: dueAt, startedAt: dueAt, trigger: 'schedule', ...changes });

describe('a run may begin', () => {
  it('until its startWithin is over', () => {
    expect(isTooLate(workload, dueAt, dueMs + 120 * minuteMs)).toBe(false);
    expect(isTooLate(workload, dueAt, dueMs + 120 * minuteMs + 1)).toBe(true);
    expect(lateWords(workload, run(), dueMs + 120 * minuteMs)).toBeUndefined();
  });

  it('at any hour where there is none', () => {
    expect(isTooLate({}, dueAt, dueMs + 9_999 * minuteMs)).toBe(false);
  });

  it('at any hour when an operator asks for it', () => {
    expect(lateWords(workload, run({ trigger: 'operator' }), dueMs + 600 * minuteMs)).toBeUndefined();
  });
});

it('a run that waited says since when', () => {
  expect(lateWords(workload, run({ startedAt: '2026-11-21T03:00:01.000Z' }), dueMs + 121 * minuteMs)).toBe(
    'It has waited for pending-snapshot slots of the Region since 2026-11-21T03:00:01.000Z, and so it could not begin within the 2 h of schedule.startWithin.',
  );
});

it('a run that was called too late says by how much', () => {
  const startedAt = '2026-11-21T09:02:00.000Z';
  expect(lateWords(workload, run({ startedAt }), Date.parse(startedAt))).toBe(
    'The call that begins it came 6 h 2 min after its time, and so it could not begin within the 2 h of schedule.startWithin.',
  );
});
