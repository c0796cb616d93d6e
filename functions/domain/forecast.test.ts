import { describe, expect, it } from 'vitest';
import { forecast } from './forecast.ts';
import { sampleWorkload } from './samples-for-tests.ts';

const nowMs = Date.UTC(2026, 10, 21);
const options = { nowMs, limit: 100, secondsEach: 300 };
const minuteMs = 60_000;

const demand = (name: string, slots: number, expression = 'cron(0 3 * * ? *)', rpoMinutes = 26 * 60) => ({
  workload: sampleWorkload({
    name,
    schedule: { expression, timeZone: 'UTC' },
    objectives: { rpoMinutes, rtoMinutes: 60 },
  }),
  slots,
});
const crowd = (count: number, expression?: string) =>
  Array.from({ length: count }, (_, index) => demand(`w${index}`, 4, expression));

describe('a forecast', () => {
  it('of a thousand snapshots at one time is that many, a hundred at a time', () => {
    const { times, refusal } = forecast(crowd(250), options);
    expect(times).toHaveLength(1);
    expect(times[0]).toMatchObject({ snapshots: 1000, lastCompleteMs: 50 * minuteMs, warnings: [] });
    expect(refusal).toBeUndefined();
  });

  it('counts what an earlier time has left', () => {
    const later = demand('later', 100, 'cron(10 3 * * ? *)');
    const { times } = forecast([...crowd(250), later], options);
    expect(times[1]?.lastCompleteMs).toBe((50 - 10 + 5) * minuteMs);
  });

  it('adds up what different schedules have at the same time', () => {
    const { times } = forecast([...crowd(250), demand('weekly', 100, 'cron(0 3 ? * SUN *)')], options);
    expect(times.map(({ lastCompleteMs }) => lastCompleteMs)).toEqual([55 * minuteMs, 55 * minuteMs]);
  });

  it('warns when the last workload misses its RPO meanwhile', () => {
    const { times } = forecast(crowd(1000), options);
    expect(times[0]?.warnings).toEqual([expect.stringContaining('RPO of 1560 min is missed')]);
  });

  it('warns when a run would be refused for its startWithin, which what is not held still has not', () => {
    const held = { ...demand('held', 4), workload: sampleWorkload({ name: 'held', startWithinMinutes: 45 }) };
    expect(forecast([...crowd(224), held], options).times[0]?.warnings).toEqual([]);
    const { times } = forecast([...crowd(250), held], options);
    expect(times[0]?.warnings).toEqual([expect.stringContaining('within 45 min only (schedule.startWithin)')]);
  });

  it('warns when the next scheduled time comes first', () => {
    const busy = [...crowd(250, 'cron(0 3 * * ? *)'), demand('hourly', 4, 'rate(30 minutes)', 600)];
    const { times, refusal } = forecast(busy, options);
    expect(times[1]?.warnings).toEqual([expect.stringContaining('the next run of it is due before')]);
    expect(refusal).toBeUndefined();
  });

  it('refuses schedules that can never keep up', () => {
    const { refusal, utilization } = forecast(crowd(250, 'rate(30 minutes)'), options);
    expect(utilization).toBeCloseTo(50 / 30, 1);
    expect(refusal).toContain('167 %');
  });

  it('says what is complete when, and what follows: nothing at the last moment that is allowed, and a sentence just past it', () => {
    const late = (words: string) =>
      `The last of the workloads due at cron(0 3 * * ? *) UTC is complete 50 min after its time: ${words}`;
    const refused = (minutes: number) =>
      late(`what may begin within ${minutes} min only (schedule.startWithin) and still waits by then, is refused.`);
    const missed = (minutes: number) => late(`its RPO of ${minutes} min is missed until then.`);
    const warnings = (rpoMinutes: number, startWithinMinutes?: number) => {
      const { workload } = demand('one', 4, 'cron(0 3 * * ? *)', rpoMinutes);
      const one = { workload: { ...workload, ...(startWithinMinutes ? { startWithinMinutes } : {}) }, slots: 4 };
      return forecast([...crowd(249), one], options).times[0]?.warnings;
    };
    expect(warnings(24 * 60 + 50)).toEqual([]);
    expect(warnings(24 * 60 + 49)).toEqual([missed(24 * 60 + 49)]);
    expect(warnings(26 * 60, 45)).toEqual([]);
    expect(warnings(26 * 60, 44)).toEqual([refused(44)]);
    expect(warnings(24 * 60, 10)).toEqual([refused(10), missed(24 * 60)]);
  });

  it('goes by the least that any of a schedule’s workloads allows, and by each schedule for itself', () => {
    const evening = (name: string, rpoMinutes: number) => demand(name, 100, 'cron(0 20 * * ? *)', rpoMinutes);
    const { times, utilization } = forecast(
      [evening('a', 30 * 60), demand('night', 100), evening('b', 24 * 60), evening('c', 30 * 60)],
      options,
    );
    expect(times).toEqual([
      {
        ...{ schedule: { expression: 'cron(0 20 * * ? *)', timeZone: 'UTC' }, workloads: ['a', 'b', 'c'] },
        ...{ snapshots: 300, lastCompleteMs: 15 * minuteMs, dueAt: '2026-11-21T20:00:00.000Z' },
        warnings: [
          'The last of the workloads due at cron(0 20 * * ? *) UTC is complete 15 min after its time: its RPO of 1440 min is missed until then.',
        ],
      },
      {
        ...{ schedule: { expression: 'cron(0 3 * * ? *)', timeZone: 'UTC' }, workloads: ['night'] },
        ...{ snapshots: 100, lastCompleteMs: 5 * minuteMs, dueAt: '2026-11-21T03:00:00.000Z', warnings: [] },
      },
    ]);
    expect(utilization).toBeCloseTo(20 / (24 * 60), 10);
  });

  it('is of when it is at its worst, and the next time that is not later than its end comes first', () => {
    const sunday = demand('sunday', 1000, 'cron(0 3 ? * SUN *)', 99_999);
    const [daily] = forecast([demand('daily', 100), sunday], options).times;
    expect(daily).toMatchObject({ dueAt: '2026-11-22T03:00:00.000Z', lastCompleteMs: 55 * minuteMs });
    const every = (minutes: number) =>
      forecast([demand('often', 600, `rate(${minutes} minutes)`, 99_999)], options).times[0]?.warnings;
    expect(every(31)).toEqual([]);
    expect(every(30)).toEqual([
      'The last of the workloads due at rate(30 minutes) UTC is complete 30 min after its time: the next run of it is due before, and is refused.',
    ]);
  });

  it('refuses what is asked for beyond all that the Region can complete, with by how much', () => {
    const often = (slots: number) => forecast([demand('often', slots, 'rate(30 minutes)', 99_999)], options);
    expect(often(600).utilization).toBeLessThanOrEqual(1);
    expect(often(600).refusal).toBeUndefined();
    expect(often(720).refusal).toBe(
      'The schedules ask for 120 % of the snapshots that the Region can complete (100 at a time, 300 s each): runs would wait longer every time. Run some of them less often.',
    );
  });

  it('of a schedule that is due once warns of nothing', () => {
    const { times } = forecast([demand('once', 100_000, 'cron(0 3 25 11 ? 2026)', 1)], options);
    expect(times).toMatchObject([{ snapshots: 100_000, warnings: [] }]);
  });

  it('of a schedule that is not due within the days looked at says nothing', () => {
    expect(forecast([demand('rare', 4, 'cron(0 3 1 1 ? 2030)')], options)).toEqual({ times: [], utilization: 0 });
  });
});
