/** What the values of options must be: each check gives a sentence about a wrong one, and undefined for a right one. */
import { requestWordsLength } from '#domain/recovery.ts';

export type OptionCheck = (value: string) => string | undefined;

/** `2026-11-21`, and what may follow a date; other texts that JavaScript takes for times are none. */
const dated = /^\d{4}-\d\d-\d\d($|[T ])/;
/** A time that means the same everywhere, as ISO 8601 and as tables have it. */
const zoned = /[T ].*(Z|[+-]\d\d:\d\d)$/;

/** JavaScript takes the 31st of November for the 1st of December. */
const isDay = (day: string): boolean => {
  const time = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
};

const aTime: OptionCheck = (value) =>
  dated.test(value) && isDay(value.slice(0, 10)) && !Number.isNaN(Date.parse(value))
    ? undefined
    : `takes a time such as 2026-11-21T03:00:00Z, not "${value}".`;

/** Without a zone it would be another time on another machine. */
export const aZonedTime: OptionCheck = (value) =>
  aTime(value) ??
  (zoned.test(value) ? undefined : `takes a time with its zone, such as 2026-11-21T03:00:00Z, not "${value}".`);

/** Of a day its beginning, in UTC. */
export const aDayOrZonedTime: OptionCheck = (value) => (value.length === 10 ? aTime(value) : aZonedTime(value));

export const aNumber =
  (least: number, most: number): OptionCheck =>
  (value) =>
    isNumber(value, least, most) ? undefined : `takes a number from ${least} to ${most}, not "${value}".`;

export const aWholeNumber =
  (least: number, most: number): OptionCheck =>
  (value) =>
    isNumber(value, least, most) && Number.isInteger(Number(value))
      ? undefined
      : `takes a whole number from ${least} to ${most}, not "${value}".`;

/** https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html */
export const aRegion: OptionCheck = (value) =>
  /^[a-z]{2,4}(-[a-z]+)+-\d+$/.test(value) ? undefined : `takes a Region such as eu-west-1, not "${value}".`;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html */
export const aStack: OptionCheck = (value) =>
  /^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(value)
    ? undefined
    : `takes the name of a stack, of letters, digits and hyphens, not "${value}".`;

/** A variable of the shell that is not set. */
export const something: OptionCheck = (value) => (value.trim() === '' ? 'is empty.' : undefined);

/** Words that a recovery's record and tags have room for. */
export const fewWords: OptionCheck = (value) =>
  value.length <= requestWordsLength
    ? undefined
    : `takes at most ${requestWordsLength} characters; these are ${value.length}.`;

const isNumber = (value: string, least: number, most: number): boolean =>
  value.trim() !== '' && Number(value) >= least && Number(value) <= most;
