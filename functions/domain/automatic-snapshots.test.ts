import { expect, it } from 'vitest';
import { automaticWords, isAsWanted, wantedSnapshots } from './automatic-snapshots.ts';
import type { ManagedMember } from './policy.ts';

const cluster: ManagedMember = { kind: 'memorydb', resource: 'orders', tier: 1, automatic: { retentionDays: 7 } };
const nightly = { expression: 'cron(0 3 * * ? *)', timeZone: 'Europe/Stockholm' };
const winterMs = Date.UTC(2026, 0, 15, 10);

it('begin with the workload’s next window, in hours of UTC', () => {
  expect(wantedSnapshots(cluster, nightly, winterMs)).toEqual({ retentionDays: 7, window: '02:00-03:00' });
  expect(wantedSnapshots(cluster, nightly, Date.UTC(2026, 6, 15, 10))?.window).toBe('01:00-02:00');
});

it('move with summer time before the first window that it moves', () => {
  const windowAt = (day: number, hour: number) =>
    wantedSnapshots(cluster, nightly, Date.UTC(2026, 2, day, hour))?.window;
  expect([windowAt(28, 1), windowAt(28, 2), windowAt(29, 2)]).toEqual(['02:00-03:00', '01:00-02:00', '01:00-02:00']);
});

it('may go on after midnight', () => {
  const late = { expression: 'cron(30 23 ? * SUN *)', timeZone: 'UTC' };
  expect(wantedSnapshots(cluster, late, winterMs)?.window).toBe('23:30-00:30');
});

it('of a serverless cache have a time, of none that is switched off a window, and unasked nothing', () => {
  const serverless: ManagedMember = { ...cluster, kind: 'elasticache', resource: 'serverlesscache:carts' };
  expect(wantedSnapshots(serverless, nightly, winterMs)?.window).toBe('02:00');
  const off: ManagedMember = { ...cluster, automatic: { retentionDays: 0 } };
  expect(wantedSnapshots(off, nightly, winterMs)).toEqual({ retentionDays: 0 });
  expect(wantedSnapshots({ kind: 'memorydb', resource: 'orders', tier: 1 }, nightly, winterMs)).toBeUndefined();
});

it('are as wanted where retention and window are; a window that is not of interest may be any', () => {
  const shown = { retentionDays: 7, window: '02:00-03:00' };
  expect(isAsWanted(shown, { retentionDays: 7, window: '02:00-03:00' })).toBe(true);
  expect(isAsWanted(shown, { retentionDays: 6, window: '02:00-03:00' })).toBe(false);
  expect(isAsWanted(shown, { retentionDays: 7, window: '02:00-04:00' })).toBe(false);
  expect(isAsWanted({ ...shown, retentionDays: 0 }, { retentionDays: 0 })).toBe(true);
});

it('are told in one sentence', () => {
  const words = (retentionDays: number) => automaticWords(cluster, { retentionDays, window: '01:00-02:00' });
  expect([0, 1, 7].map(words)).toEqual([
    'memorydb orders keeps no automatic snapshots.',
    'memorydb orders keeps 1 automatic snapshot, made from 01:00 UTC on.',
    'memorydb orders keeps 7 automatic snapshots, made from 01:00 UTC on.',
  ]);
});
