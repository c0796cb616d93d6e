import { expect, it } from 'vitest';
import { runInMaintenance } from './maintenance-window.ts';
import { sampleWorkload } from './samples-for-tests.ts';

/** A Thursday. */
const nowMs = Date.UTC(2026, 0, 15, 12);
const met = (window: string, expression: string, windowMinutes?: number, timeZone = 'UTC') => {
  const workload = sampleWorkload({ schedule: { expression, timeZone }, ...(windowMinutes ? { windowMinutes } : {}) });
  const atMs = runInMaintenance(window, workload, nowMs);
  return atMs === undefined ? undefined : new Date(atMs).toISOString();
};
const nightly = 'cron(0 3 * * ? *)';

it('a run that begins within the window is told, the first of them', () => {
  expect(met('sun:02:30-sun:03:30', nightly)).toBe('2026-01-18T03:00:00.000Z');
  expect(met('thu:02:30-thu:03:30', nightly)).toBe('2026-01-22T03:00:00.000Z');
  expect(met('Sun:02:30-Sun:03:30', nightly)).toBe('2026-01-18T03:00:00.000Z');
});

it('one that may still hold when the window begins is told, too, and none that only touches it', () => {
  expect(met('sun:03:30-sun:04:30', nightly)).toBeUndefined();
  expect(met('sun:02:00-sun:03:00', nightly)).toBeUndefined();
  expect(met('sun:03:30-sun:04:30', nightly, 60)).toBe('2026-01-18T03:00:00.000Z');
});

it('windows run over midnight and over the end of the week', () => {
  expect(met('sat:23:30-sun:00:30', 'cron(15 0 ? * SUN *)')).toBe('2026-01-18T00:15:00.000Z');
  expect(met('sun:00:00-sun:01:00', 'cron(45 23 ? * SAT *)')).toBe('2026-01-17T23:45:00.000Z');
});

it('windows are of UTC, whatever the zone of the schedule', () => {
  expect(met('sun:02:00-sun:02:30', nightly, undefined, 'Europe/Stockholm')).toBe('2026-01-18T02:00:00.000Z');
  expect(met('sun:03:00-sun:03:30', nightly, undefined, 'Europe/Stockholm')).toBeUndefined();
});

it('windows without a day are of every day', () => {
  expect(met('22:00-08:00', nightly)).toBe('2026-01-16T03:00:00.000Z');
  expect(met('22:00-02:00', nightly)).toBeUndefined();
});

it('of runs of a rate, and of what is no window, nothing is told', () => {
  expect(met('sun:00:00-sat:23:59', 'rate(6 hours)')).toBeUndefined();
  expect(met('whenever', nightly)).toBeUndefined();
  expect(met('foo:02:00-bar:03:00', nightly)).toBeUndefined();
});

it.each([
  '',
  '22:00',
  '22:00-',
  '-08:00',
  'sun:22:00-foo:08:00',
  'x22:00-08:00',
  '22:00-08:00x',
  '22-08',
  '22:00x-08:00',
])('no window is %j', (window) => expect(met(window, nightly)).toBeUndefined());

it('a window that ends when it begins is a whole one', () => {
  expect(met('05:00-05:00', nightly)).toBe('2026-01-16T03:00:00.000Z');
});
