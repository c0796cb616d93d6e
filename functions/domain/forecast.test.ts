import { describe, expect, it } from 'vitest';
import { forecast } from './forecast.ts';
import { sampleWorkload } from './samples.ts';

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

  it('of a schedule that is not due within the days looked at says nothing', () => {
    expect(forecast([demand('rare', 4, 'cron(0 3 1 1 ? 2030)')], options)).toEqual({ times: [], utilization: 0 });
  });
});
