import { expect, it } from 'vitest';
import { checkZone } from './policy-zone-check.ts';

const suggestions = (zone: string) => checkZone(['timeZone'], zone).map(({ suggestion }) => suggestion);

it.each(['UTC', 'Europe/London', 'Asia/Kolkata', 'Etc/GMT+1', 'US/Eastern', 'America/Argentina/Buenos_Aires'])(
  'a name of the IANA database is a time zone: %s',
  (zone) => expect(checkZone(['timeZone'], zone)).toEqual([]),
);

it.each([
  ['utc', 'UTC'],
  ['europe/london', 'Europe/London'],
  ['Europe/LONDON', 'Europe/London'],
  ['us/eastern', 'America/New_York'],
  ['London', 'Europe/London'],
  ['new york', 'America/New_York'],
  ['Europe/London ', 'Europe/London'],
  ['Europe/Lodnon', 'Europe/London'],
])('what was probably meant is told: %s is %s', (zone, expected) => expect(suggestions(zone)).toEqual([expected]));

it.each(['', 'UTC+1', '+01:00', 'local', 'Nowhere/Land'])('nothing like it is told as a mistake alone: %j', (zone) =>
  expect(checkZone(['timeZone'], zone)).toEqual([
    { path: ['timeZone'], message: `"${zone}" is not a time zone of the IANA database, such as Europe/London.` },
  ]),
);
