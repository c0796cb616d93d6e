import { describe, expect, it } from 'vitest';
import { parseSchedule } from './schedule-expression.ts';

function times(expression: string, from: string, count: number, timezone = 'UTC'): string[] {
  const next = parseSchedule(expression, Date.parse(from), timezone);
  const found: string[] = [];
  let afterMs: number | undefined = Date.parse(from);
  while (found.length < count) {
    afterMs = next(afterMs);
    if (afterMs === undefined) break;
    found.push(new Date(afterMs).toISOString().slice(0, 16));
  }
  return found;
}

describe('schedule expressions', () => {
  it('counts a rate from the start', () => {
    expect(times('rate(5 minutes)', '2026-01-01T00:02:00Z', 2)).toEqual(['2026-01-01T00:07', '2026-01-01T00:12']);
  });

  it('reads cron in the schedule’s time zone', () => {
    expect(times('cron(0 3 * * ? *)', '2026-07-01T00:00:00Z', 2, 'Europe/Berlin')).toEqual([
      '2026-07-01T01:00',
      '2026-07-02T01:00',
    ]);
  });

  it('skips a night whose time falls into the spring gap', () => {
    expect(times('cron(30 2 * * ? *)', '2026-03-28T00:00:00Z', 2, 'Europe/Berlin')).toEqual([
      '2026-03-28T01:30',
      '2026-03-30T00:30',
    ]);
  });

  it('runs once in the hour that comes twice', () => {
    expect(times('cron(30 2 * * ? *)', '2026-10-24T12:00:00Z', 2, 'Europe/Berlin')).toEqual([
      '2026-10-25T00:30',
      '2026-10-26T01:30',
    ]);
  });

  it('counts days of the week from Sunday = 1, and knows #, L and W', () => {
    expect(times('cron(0 0 ? * 1 *)', '2026-11-02T00:00:00Z', 1)).toEqual(['2026-11-08T00:00']);
    expect(times('cron(0 0 ? * 2#1 *)', '2026-11-02T01:00:00Z', 1)).toEqual(['2026-12-07T00:00']);
    expect(times('cron(0 0 ? * 6L *)', '2026-11-02T00:00:00Z', 1)).toEqual(['2026-11-27T00:00']);
    expect(times('cron(0 0 L * ? *)', '2026-02-02T00:00:00Z', 1)).toEqual(['2026-02-28T00:00']);
    expect(times('cron(0 0 15W * ? *)', '2026-11-02T00:00:00Z', 1)).toEqual(['2026-11-16T00:00']);
    expect(times('cron(0 18 ? * MON-FRI *)', '2026-11-06T18:00:00Z', 1)).toEqual(['2026-11-09T18:00']);
  });

  it('ends after its last year, and after at()', () => {
    expect(times('cron(0 0 1 1 ? 2027)', '2026-11-02T00:00:00Z', 3)).toEqual(['2027-01-01T00:00']);
    expect(times('at(2026-12-01T10:00:00)', '2026-11-02T00:00:00Z', 3, 'Europe/Berlin')).toEqual(['2026-12-01T09:00']);
  });

  it('refuses what AWS refuses', () => {
    expect(() => parseSchedule('cron(0 0 * * * *)', 0)).toThrow('?');
    expect(() => parseSchedule('every day', 0)).toThrow('not a schedule');
  });
});
