/**
 * When an EventBridge (Scheduler) expression fires: rate(), cron() and at(). Source: EventBridge Scheduler User Guide,
 * "Schedule types": Sunday is day 1; local times in a spring gap are skipped; an hour that comes twice runs once.
 */
import { Cron } from 'croner';

const RATE = /^rate\((\d+) (minutes?|hours?|days?)\)$/;
const CRON = /^cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)$/;
const AT = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/;
const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** The next time (epoch milliseconds) strictly after `afterMs`; undefined when there is none. */
export type NextTime = (afterMs: number) => number | undefined;

/** The wall clock of `timezone` at that instant, written as if it were UTC (epoch milliseconds). */
function wallMs(instantMs: number, timezone: string): number {
  const parts = formatOf(timezone).formatToParts(instantMs);
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value);
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, hourCycle: 'h23' },
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  formats.set(timeZone, format);
  return format;
}

/** The first instant at which clocks of `timezone` show that wall time; undefined inside a spring gap. */
export function instantOf(wall: number, timezone: string): number | undefined {
  const dayMs = 86_400_000;
  const offsets = [wall - dayMs, wall + dayMs].map((guess) => wallMs(guess, timezone) - guess);
  const instants = offsets.map((offset) => wall - offset).filter((instant) => wallMs(instant, timezone) === wall);
  return instants.length > 0 ? Math.min(...instants) : undefined;
}

/** Works on wall times, so that the time zone's jumps are handled here, by Scheduler's rules and not by croner's. */
function cronTimes(fields: readonly string[], timezone: string): NextTime {
  const [minutes, hours, dayOfMonth, month, dayOfWeek, year] = fields;
  const pattern = `0 ${minutes} ${hours} ${dayOfMonth} ${month} ${dayOfWeek} ${year}`;
  const cron = new Cron(pattern, {
    timezone: 'Etc/UTC',
    alternativeWeekdays: true,
    domAndDow: true,
    sloppyRanges: true,
  });
  return (afterMs) => {
    // An hour that comes twice may already have run: start from the earliest wall time that could still be due.
    let wall = cron.nextRun(new Date(wallMs(afterMs, timezone) - 7_200_000));
    while (wall) {
      const instant = instantOf(wall.getTime(), timezone);
      if (instant !== undefined && instant > afterMs) return instant;
      wall = cron.nextRun(wall);
    }
    return undefined;
  };
}

function rateTimes(value: number, unit: string, startMs: number): NextTime {
  const periodMs = value * (UNIT_MS[unit.replace(/s$/, '')] ?? Number.NaN);
  return (afterMs) => startMs + (Math.floor((afterMs - startMs) / periodMs) + 1) * periodMs;
}

/**
 * Parses `rate(5 minutes)`, `cron(0 3 * * ? *)` or `at(2026-01-31T03:00:00)`. `timezone` is IANA, default UTC (rules have
 * no other). A rate counts from `startMs`. Throws on anything else.
 */
export function parseSchedule(expression: string, startMs: number, timezone = 'UTC'): NextTime {
  const rate = RATE.exec(expression);
  if (rate?.[1] && rate[2]) return rateTimes(Number(rate[1]), rate[2], startMs);
  const cron = CRON.exec(expression);
  if (cron) {
    if ((cron[3] === '?') === (cron[5] === '?')) throw new Error(`${expression}: one of the day fields must be ?`);
    return cronTimes(cron.slice(1), timezone);
  }
  const at = AT.exec(expression);
  if (!at) throw new Error(`not a schedule expression: ${expression}`);
  const instant = instantOf(Date.parse(`${at[1]}Z`), timezone);
  return (afterMs) => (instant !== undefined && instant > afterMs ? instant : undefined);
}
