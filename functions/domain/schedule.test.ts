import { Cron as Oracle } from 'croner';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dueTimes,
  intervalsOf,
  nextDue,
  parseExpression,
  previousDue,
  scheduleProblem,
  shortestIntervalMs,
} from './schedule.ts';
import { civilOf } from './zone.ts';

fc.configureGlobal({ seed: 20261121 });

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const cron = (fields: string, timeZone = 'UTC') => ({ expression: `cron(${fields})`, timeZone });
const iso = (times: readonly number[]) => times.map((time) => new Date(time).toISOString().slice(0, 16));
const between = (fields: string, from: string, to: string, timeZone = 'UTC') =>
  iso(dueTimes(cron(fields, timeZone), Date.parse(from), Date.parse(to)));

describe('cron', () => {
  it.each([
    ['15 10 ? * 6L *', ['2026-11-27T10:15', '2026-12-25T10:15']],
    ['0 9 ? * 2#1 *', ['2026-11-02T09:00', '2026-12-07T09:00']],
    ['0 9 ? * SUN#2 *', ['2026-11-08T09:00', '2026-12-13T09:00']],
    ['0 9 LW * ? *', ['2026-11-30T09:00', '2026-12-31T09:00']],
    ['0 9 L * ? *', ['2026-11-30T09:00', '2026-12-31T09:00']],
    ['0 9 1W * ? *', ['2026-11-02T09:00', '2026-12-01T09:00']],
    ['0 9 15W * ? *', ['2026-11-16T09:00', '2026-12-15T09:00']],
    ['0 0/12 24 12 ? *', ['2026-12-24T00:00', '2026-12-24T12:00']],
    ['30 4 1,15 DEC ? 2026-2027', ['2026-12-01T04:30', '2026-12-15T04:30']],
    ['0 9 ? DEC L 2026', ['2026-12-05T09:00', '2026-12-12T09:00', '2026-12-19T09:00', '2026-12-26T09:00']],
    ['0 9 ? * friL *', ['2026-11-27T09:00', '2026-12-25T09:00']],
    ['30,0 9,3 1 12 ? *', ['2026-12-01T03:00', '2026-12-01T03:30', '2026-12-01T09:00', '2026-12-01T09:30']],
    [' 0  9 1 12 ?  * ', ['2026-12-01T09:00']],
  ])('%s is due when AWS says', (fields, expected) => {
    expect(between(fields, '2026-10-31T23:59:00Z', '2026-12-31T23:59:00Z')).toEqual(expected);
  });

  it('leaves out the 31st nearest working day of a month with 30 days', () => {
    expect(between('0 0 31W 11 ? *', '2026-10-01T00:00:00Z', '2027-01-01T00:00:00Z')).toEqual([]);
  });

  it.each([
    ['cron(0 3 * * * *)', 'Exactly one'],
    ['cron(0 3 ? * ? *)', 'Exactly one'],
    ['cron(0 3 * * ?)', 'six fields'],
    ['cron(0 24 * * ? *)', 'The hours of cron cannot be "24"'],
    ['cron(0 3 ? * 0 *)', 'The day of week of cron cannot be "0"'],
    ['cron(0 3 ? * FRI-MON *)', 'backwards'],
    ['cron(0 3 1W,3 * ? *)', 'The day of month of cron cannot be "1W"'],
    ['cron(0 3 ? * 2#6 *)', '"2#6"'],
    ['cron(*/0 3 * * ? *)', '"/0"'],
    ['cron(0 25 * * ? *)', 'The hours of cron cannot be "25": 0 to 23, with , - * and /.'],
    ['cron(0 3 * 13 ? *)', 'The month of cron cannot be "13": 1 to 12 or JAN to DEC, with , - * and /.'],
    ['cron(1x 3 * * ? *)', 'The minutes of cron cannot be "1x"'],
    ['cron(x1 3 * * ? *)', 'The minutes of cron cannot be "x1"'],
    ['cron(0x5 3 * * ? *)', 'The minutes of cron cannot be "0x5"'],
    ['cron(1e1 3 * * ? *)', 'The minutes of cron cannot be "1e1"'],
    ['cron(1/2/3 3 * * ? *)', 'The minutes of cron cannot be "1/2/3"'],
    ['cron(1-2-3 3 * * ? *)', 'The minutes of cron cannot be "1-2-3"'],
    ['cron(*/x1 3 * * ? *)', 'The minutes of cron cannot be "/x1"'],
    ['cron(*/1x 3 * * ? *)', 'The minutes of cron cannot be "/1x"'],
    ['cron(0 3 x1W * ? *)', 'The day of month of cron cannot be "x1W"'],
    ['cron(0 3 ? * x6L *)', 'The day of week of cron cannot be "x6L"'],
    ['cron(0 3 ? * 6Lx *)', 'The day of week of cron cannot be "6Lx"'],
    ['cron(0 3 ? * x2#1 *)', 'The day of week of cron cannot be "x2#1"'],
    ['cron(0 3 ? * 2#1x *)', 'The day of week of cron cannot be "2#1x"'],
    ['cron( )', 'not 0.'],
    ['cron(0 3)', 'not 2.'],
    ['xcron(0 3 * * ? *)', 'neither'],
    ['cron(0 3 * * ? *)x', 'neither'],
    ['rate(x1 minutes)', 'whole number'],
    ['rate(1 minutesx)', 'whole number'],
    ['rate(0 minutes)', 'whole number'],
    ['rate(5 fortnights)', 'minutes, hours or days'],
    ['at(2026-01-01T00:00:00)', 'neither'],
  ])('%s is refused in a sentence', (expression, words) => {
    expect(scheduleProblem({ expression, timeZone: 'UTC' })).toContain(words);
  });

  it.each(['Europe/Lodnon', '+01:00', ''])('"%s" is refused as a time zone', (timeZone) => {
    expect(scheduleProblem(cron('0 3 * * ? *', timeZone))).toContain('not a time zone');
  });
});

describe('summer time', () => {
  it('keeps the local hour on both sides of a change', () => {
    expect(between('0 3 * * ? *', '2026-10-24T00:00:00Z', '2026-10-26T12:00:00Z', 'Europe/London')).toEqual([
      '2026-10-24T02:00',
      '2026-10-25T03:00',
      '2026-10-26T03:00',
    ]);
  });

  it('leaves out a time that spring forward leaves out', () => {
    expect(between('30 1 * * ? *', '2026-03-28T00:00:00Z', '2026-03-30T12:00:00Z', 'Europe/London')).toEqual([
      '2026-03-28T01:30',
      '2026-03-30T00:30',
    ]);
  });

  it('runs a time that autumn repeats once, the first time', () => {
    expect(between('30 1 * * ? *', '2026-10-24T12:00:00Z', '2026-10-26T00:00:00Z', 'Europe/London')).toEqual([
      '2026-10-25T00:30',
    ]);
  });

  it('has no run on a day that a zone left out altogether', () => {
    expect(between('0 12 * * ? *', '2011-12-29T12:00:00Z', '2012-01-01T00:00:00Z', 'Pacific/Apia')).toEqual([
      '2011-12-29T22:00',
      '2011-12-30T22:00',
      '2011-12-31T22:00',
    ]);
  });
});

describe('intervals', () => {
  it('of a nightly schedule in London are 23 to 25 hours, or two days where a night is left out', () => {
    const at = (fields: string) => intervalsOf(cron(fields, 'Europe/London'), Date.UTC(2026, 0, 1));
    expect(at('0 3 * * ? *')).toMatchObject({ shortestMs: 23 * hourMs, longestMs: 25 * hourMs });
    expect(at('30 1 * * ? *')).toMatchObject({
      longestMs: 47 * hourMs,
      longestFromMs: Date.parse('2026-03-28T01:30Z'),
    });
  });

  it('of a rate are the rate', () => {
    expect(shortestIntervalMs({ expression: 'rate(12 hours)', timeZone: 'UTC' })).toBe(12 * hourMs);
  });

  it('of a leap day are found beyond the sample', () => {
    expect(shortestIntervalMs(cron('0 0 29 2 ? *'))).toBe(1461 * dayMs);
  });

  it('do not exist when the schedule is due once or never', () => {
    expect(shortestIntervalMs(cron('0 0 30 2 ? *'))).toBeUndefined();
    expect(shortestIntervalMs(cron('0 0 1 1 ? 2027'))).toBeUndefined();
    expect(nextDue(cron('0 0 30 2 ? *'), 0)).toBeUndefined();
    expect(previousDue(cron('0 0 1 1 ? 2199'), Date.UTC(2026, 0, 1))).toBeUndefined();
  });
});

const field = (least: number, most: number) => {
  const value = fc.integer({ min: least, max: most });
  const range = fc.tuple(value, value).map(([one, other]) => `${Math.min(one, other)}-${Math.max(one, other)}`);
  const step = fc.integer({ min: 1, max: most });
  const spans = fc.oneof(
    value.map(String),
    range,
    fc.tuple(range, step).map((parts) => parts.join('/')),
    fc.tuple(fc.oneof(fc.constant('*'), value.map(String)), step).map((parts) => parts.join('/')),
  );
  return fc.oneof(
    fc.constant('*'),
    fc.array(spans, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(',')),
  );
};
const days = fc.oneof(
  fc.tuple(
    fc.oneof(
      field(1, 31),
      fc.constantFrom('L', 'LW'),
      fc.integer({ min: 1, max: 31 }).map((day) => `${day}W`),
    ),
    fc.constant('?'),
  ),
  fc.tuple(
    fc.constant('?'),
    fc.oneof(
      field(1, 7),
      fc.integer({ min: 1, max: 7 }).map((day) => `${day}L`),
      fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 5 })).map((parts) => parts.join('#')),
    ),
  ),
);
/** At most two times a day keeps the oracle quick. */
const clock = fc.tuple(
  fc.integer({ min: 0, max: 59 }),
  fc.oneof(fc.integer({ min: 0, max: 23 }).map(String), fc.constant('3,15')),
);
const expressions = fc
  .tuple(clock, days, field(1, 12))
  .map(([[minute, hour], [day, weekday], month]) => `${minute} ${hour} ${day} ${month} ${weekday} *`);
const zones = fc.constantFrom(
  'UTC',
  'Europe/London',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'America/St_Johns',
);
const starts = fc
  .integer({ min: Date.UTC(2024, 0, 1) / 60_000, max: Date.UTC(2034, 0, 1) / 60_000 })
  .map((minute) => minute * 60_000);

const shift = (time: number, zone: string) => civilOf(time, zone) - time;
/** Where the clocks change within a day and a half; there the oracle follows other rules than Scheduler. */
const nearChange = (time: number, zone: string) => shift(time - 1.5 * dayMs, zone) !== shift(time + 1.5 * dayMs, zone);

describe('against an independent implementation', () => {
  it('finds the same times wherever the clocks do not change', () => {
    fc.assert(
      fc.property(expressions, zones, starts, (fields, zone, fromMs) => {
        const weekdays = { alternativeWeekdays: true, domAndDow: true, sloppyRanges: true };
        const oracle = new Oracle(`0 ${fields}`, { timezone: zone, paused: true, ...weekdays });
        const theirs = oracle.nextRuns(12, new Date(fromMs)).map((time) => time.getTime());
        // Scheduler's calendar ends with 2199; theirs goes on.
        const toMs = Math.min(
          Date.UTC(2199, 11, 31),
          theirs.length < 12 ? fromMs + 300 * dayMs : (theirs.at(-1) ?? fromMs),
        );
        const ours = dueTimes(cron(fields, zone), fromMs, toMs);
        const steady = (times: number[]) => iso(times.filter((time) => time <= toMs && !nearChange(time, zone)));
        expect(steady(ours)).toEqual(steady(theirs));
      }),
      { numRuns: 300 },
    );
  });

  it('parses every expression that the generator makes', () => {
    fc.assert(
      fc.property(expressions, fc.tuple(field(0, 59), field(0, 23)), (fields, [minute, hour]) => {
        const busy = [minute, hour, ...fields.split(' ').slice(2)].join(' ');
        expect(parseExpression(`cron(${busy})`)).toMatchObject({ kind: 'cron' });
      }),
    );
  });
});

describe('the three questions agree', () => {
  it.each([cron('0 3 * * ? *'), { expression: 'rate(1 day)', timeZone: 'UTC' }])(
    'that a due time is not after, nor before, itself: $expression',
    (schedule) => {
      const [due = 0, second = 0] = dueTimes(schedule, 0, 3 * dayMs);
      expect(second - due).toBe(dayMs);
      expect(dueTimes(schedule, due, second)).toEqual([second]);
      expect(nextDue(schedule, due)).toBe(second);
      expect(previousDue(schedule, second)).toBe(due);
      expect(previousDue(schedule, second + 1)).toBe(second);
    },
  );

  it('next and previous are the ends of what is due between', () => {
    const schedules = fc.oneof(
      fc.tuple(expressions, zones).map(([fields, zone]) => cron(fields, zone)),
      fc.integer({ min: 1, max: 90 }).map((hours) => ({ expression: `rate(${hours} hours)`, timeZone: 'UTC' })),
    );
    fc.assert(
      fc.property(schedules, starts, (schedule, fromMs) => {
        const toMs = fromMs + 200 * dayMs;
        const due = dueTimes(schedule, fromMs, toMs);
        expect(due).toEqual([...new Set(due)].sort((one, other) => one - other));
        const next = nextDue(schedule, fromMs);
        const previous = previousDue(schedule, toMs + 1);
        expect(due[0]).toBe(next !== undefined && next <= toMs ? next : undefined);
        expect(due.at(-1)).toBe(previous !== undefined && previous > fromMs ? previous : undefined);
      }),
      { numRuns: 200 },
    );
  });
});
