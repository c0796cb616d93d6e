/** Civil time in an IANA zone, through Intl: pure for a given release of the zone database. */

const minuteMs = 60_000;
const dayMs = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(zone, made);
  return made;
}

/** Whether Intl knows the zone by this IANA name. Bare offsets (`+01:00`), which EventBridge Scheduler refuses, are not names. */
export function isZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(name)) return false;
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/** What the zone's clocks show at an instant, written as the epoch ms of the same digits in UTC. Whole seconds. */
export function civilOf(instantMs: number, zone: string): number {
  const digits: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(instantMs)) digits[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = digits;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

const offsetMs = (instantMs: number, zone: string) => civilOf(instantMs, zone) - Math.floor(instantMs / 1000) * 1000;

/** Offsets at midnight UTC, asked for again by every schedule in the zone; Intl takes microseconds for each. */
const midnightOffsets = new Map<string, number>();
const mostRemembered = 20_000;

function midnightOffsetMs(midnightMs: number, zone: string): number {
  const key = `${zone} ${midnightMs}`;
  const known = midnightOffsets.get(key);
  if (known !== undefined) return known;
  if (midnightOffsets.size >= mostRemembered) midnightOffsets.clear();
  const offset = offsetMs(midnightMs, zone);
  midnightOffsets.set(key, offset);
  return offset;
}

/**
 * From minutes of one civil day to instants.
 *
 * @param civilDayMs midnight of the day as UTC digits
 * @param minutes minutes since midnight, ascending
 * @returns epoch ms, in the order given. As EventBridge Scheduler does it: a time that spring forward leaves out is left out,
 *   one that autumn repeats comes once, the first time (https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html).
 */
export function instantsOf(civilDayMs: number, minutes: readonly number[], zone: string): number[] {
  const before = midnightOffsetMs(civilDayMs - dayMs, zone);
  const after = midnightOffsetMs(civilDayMs + 2 * dayMs, zone);
  const civil = minutes.map((minute) => civilDayMs + minute * minuteMs);
  if (before === after) return civil.map((time) => time - before);
  return civil.flatMap((time) => {
    const candidates = [time - before, time - after].filter((instant) => civilOf(instant, zone) === time);
    return candidates.length === 0 ? [] : [Math.min(...candidates)];
  });
}
