import { describe, expect, it } from 'vitest';
import { sampleWorkload } from '#domain/samples-for-tests.ts';
import type { RestoreWindow } from './continuous-service.ts';
import { readinessOf, standingOf } from './standing.ts';

const at = '2026-11-21T03:00:07.000Z';
const nowMs = Date.parse('2026-11-21T04:00:00.000Z');
const window = (changes: Partial<RestoreWindow> = {}): RestoreWindow => ({
  ...{ id: 'db-A', days: 30, earliestAt: '2026-10-22T04:00:00.000Z', latestAt: '2026-11-21T03:55:00.000Z' },
  ...changes,
});

describe('a moment', () => {
  const of = (shown: RestoreWindow | undefined) => standingOf('rds', { id: 'db-A', name: 'orders', at }, shown);

  it('is complete once the latest restorable time has passed it, and pending until then', () => {
    expect(of(window())).toEqual({ state: 'completed' });
    expect(of(window({ latestAt: '2026-11-21T03:00:07.001Z' }))).toEqual({ state: 'completed' });
    expect(of(window({ latestAt: at }))).toEqual({ state: 'pending' });
    expect(of({ id: 'db-A', days: 30 })).toEqual({ state: 'pending' });
  });

  it('is gone when the backup is, or reaches back to it no more', () => {
    expect(of(undefined)).toEqual({
      state: 'gone',
      problem: 'the continuous backup of rds orders (db-A) is gone: switched off, or deleted with what it was of',
    });
    expect(of(window({ earliestAt: at })).state).toBe('completed');
    expect(of(window({ days: 2, earliestAt: '2026-11-21T03:00:07.001Z' }))).toEqual({
      state: 'gone',
      problem: `the continuous backup of rds orders (db-A) is kept 2 days and reaches back to 2026-11-21T03:00:07.001Z, not to ${at}`,
    });
  });
});

describe('a resource', () => {
  const lines = {
    keep: (name: string, days: number) => `keep ${name} ${days}`,
    examine: (name: string) => `look ${name}`,
  };
  const of = (shown: RestoreWindow | undefined) =>
    readinessOf({ kind: 'rds', lines }, 'orders', shown, sampleWorkload(), nowMs);

  it('is ready when it is backed up as long as points are kept, to minutes ago', () => {
    expect(of(window())).toEqual({ refusals: [] });
    expect(of(window({ latestAt: '2026-11-21T03:30:00.000Z' }))).toEqual({ refusals: [] });
  });

  it.each([
    ['nothing is backed up', undefined, 'keeps no continuous backup.*: keep orders 30'],
    ['it is for less long', window({ days: 29 }), '29 days, and the points of orders-db are kept 30.*: keep orders 30'],
    [
      'it stands still',
      window({ latestAt: '2026-11-21T03:29:59.999Z' }),
      'up to 2026-11-21T03:29:59.999Z only, 30 min.*: look orders',
    ],
  ])('is refused when %s', (_, shown, words) => {
    expect(of(shown).refusals).toEqual([expect.stringMatching(words)]);
  });

  it('is busy while the first backup is under way', () => {
    expect(of({ id: 'db-A', days: 30 })).toEqual({ refusals: [], busy: 'rds orders is making its first backup.' });
  });
});
