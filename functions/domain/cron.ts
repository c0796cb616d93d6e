/**
 * The six fields of EventBridge Scheduler's cron: minutes, hours, day of month, month, day of week (1 = Sunday), year.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 */

export interface Cron {
  readonly kind: 'cron';
  /** Minutes since midnight, ascending. */
  readonly minutesOfDay: readonly number[];
  readonly years: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  /** Whether the day is due; month 1 to 12. The year and month are checked apart. */
  readonly isDueDay: (year: number, month: number, day: number) => boolean;
}

export interface Problem {
  readonly problem: string;
}

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const weekdayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const minuteField: Field = { name: 'minutes', least: 0, most: 59 };
const hourField: Field = { name: 'hours', least: 0, most: 23 };
const dayField: Field = { name: 'day of month', least: 1, most: 31 };
const monthField: Field = { name: 'month', least: 1, most: 12, names: monthNames };
const weekdayField: Field = { name: 'day of week', least: 1, most: 7, names: weekdayNames };
const yearField: Field = { name: 'year', least: 1970, most: 2199 };

class Refusal extends Error {}

function refuse(field: Field, text: string): never {
  const names = field.names === undefined ? '' : ` or ${field.names[0]} to ${field.names.at(-1)}`;
  throw new Refusal(
    `The ${field.name} of cron cannot be "${text}": ${field.least} to ${field.most}${names}, with , - * and /.`,
  );
}

function numberOf(text: string, field: Field): number {
  const named = field.names?.indexOf(text.toUpperCase()) ?? -1;
  if (named >= 0) return named + field.least;
  const value = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  return value >= field.least && value <= field.most ? value : refuse(field, text);
}

function stepOf(text: string | undefined, field: Field): number {
  if (text === undefined) return 1;
  return /^[1-9]\d{0,3}$/.test(text) ? Number(text) : refuse(field, `/${text}`);
}

/** `*`, `5`, `5-10`, each with an optional `/step`; `5/10` runs from 5 to the field's end. */
function valuesOf(part: string, field: Field): number[] {
  const [span = '', stepText, ...rest] = part.split('/');
  const [fromText = '', toText, ...more] = span.split('-');
  if (rest.length > 0 || more.length > 0) refuse(field, part);
  const step = stepOf(stepText, field);
  const from = span === '*' ? field.least : numberOf(fromText, field);
  const open = span === '*' || (toText === undefined && stepText !== undefined);
  const to = open ? field.most : numberOf(toText ?? fromText, field);
  if (to < from) {
    throw new Refusal(`The ${field.name} range "${part}" runs backwards; write it as two, joined by a comma.`);
  }
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}

const setOf = (text: string, field: Field) => new Set(text.split(',').flatMap((part) => valuesOf(part, field)));

type DayRule = (year: number, month: number, day: number) => boolean;

const daysIn = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate();
/** 1 = Sunday. */
const weekdayOf = (year: number, month: number, day: number) =>
  new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;

/** The day from Monday to Friday that is nearest to `wanted` and in the same month. */
function nearestWorkday(year: number, month: number, wanted: number): number {
  const weekday = weekdayOf(year, month, wanted);
  if (weekday === 7) return wanted === 1 ? 3 : wanted - 1;
  if (weekday === 1) return wanted === daysIn(year, month) ? wanted - 2 : wanted + 1;
  return wanted;
}

function dayOfMonthRule(text: string): DayRule {
  const upper = text.toUpperCase();
  if (upper === 'L') return (year, month, day) => day === daysIn(year, month);
  if (upper === 'LW') return (year, month, day) => day === nearestWorkday(year, month, daysIn(year, month));
  if (/^\d{1,2}W$/.test(upper)) {
    const wanted = numberOf(upper.slice(0, -1), dayField);
    return (year, month, day) => wanted <= daysIn(year, month) && day === nearestWorkday(year, month, wanted);
  }
  const days = setOf(text, dayField);
  return (_year, _month, day) => days.has(day);
}

function dayOfWeekRule(text: string): DayRule {
  const upper = text.toUpperCase();
  if (upper === 'L') return (year, month, day) => weekdayOf(year, month, day) === 7;
  const last = /^(\d|[A-Z]{3})L$/.exec(upper)?.[1];
  if (last !== undefined) {
    const weekday = numberOf(last, weekdayField);
    return (year, month, day) => weekdayOf(year, month, day) === weekday && day > daysIn(year, month) - 7;
  }
  const nth = /^(\d|[A-Z]{3})#([1-5])$/.exec(upper);
  if (nth !== null) {
    const weekday = numberOf(nth[1] ?? '', weekdayField);
    return (year, month, day) => weekdayOf(year, month, day) === weekday && Math.ceil(day / 7) === Number(nth[2]);
  }
  const weekdays = setOf(text, weekdayField);
  return (year, month, day) => weekdays.has(weekdayOf(year, month, day));
}

function dayRule(dayOfMonth: string, dayOfWeek: string): DayRule {
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    throw new Refusal('Exactly one of day of month and day of week must be "?", as in "0 3 * * ? *".');
  }
  return dayOfMonth === '?' ? dayOfWeekRule(dayOfWeek) : dayOfMonthRule(dayOfMonth);
}

function cronOf(text: string): Cron {
  const fields = text.trim().split(/\s+/);
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = '', year = ''] = fields;
  if (fields.length !== 6) {
    throw new Refusal(
      `cron has six fields (minutes hours day-of-month month day-of-week year), not ${text.trim() === '' ? 0 : fields.length}.`,
    );
  }
  const ascending = (values: Set<number>) => [...values].sort((one, other) => one - other);
  const minutes = ascending(setOf(minute, minuteField));
  const hours = ascending(setOf(hour, hourField));
  return {
    kind: 'cron',
    minutesOfDay: hours.flatMap((hourOfDay) => minutes.map((minuteOfHour) => hourOfDay * 60 + minuteOfHour)),
    months: setOf(month, monthField),
    years: setOf(year, yearField),
    isDueDay: dayRule(dayOfMonth, dayOfWeek),
  };
}

/**
 * @param fields the six fields, without the surrounding `cron(…)`
 * @returns the parsed fields, or one plain sentence on what is wrong
 */
export function parseCron(fields: string): Cron | Problem {
  try {
    return cronOf(fields);
  } catch (error) {
    if (error instanceof Refusal) return { problem: error.message };
    throw error;
  }
}
