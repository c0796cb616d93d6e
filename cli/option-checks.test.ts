import { describe, expect, it } from 'vitest';
import {
  aDayOrZonedTime,
  aNumber,
  aRegion,
  aStack,
  aWholeNumber,
  aZonedTime,
  fewWords,
  something,
} from './option-checks.ts';

describe('a time', () => {
  it.each(['2026-11-21T03:00:00Z', '2026-11-21T03:00+01:00', '2026-11-21 03:00:00Z'])(
    'means the same everywhere with its zone: %s',
    (value) => {
      expect(aZonedTime(value)).toBeUndefined();
      expect(aDayOrZonedTime(value)).toBeUndefined();
    },
  );

  it.each(['2026-11-21T03:00', '2026-11-21 03:00:00'])('without its zone is none: %s', (value) => {
    const words = `takes a time with its zone, such as 2026-11-21T03:00:00Z, not "${value}".`;
    expect([aZonedTime(value), aDayOrZonedTime(value)]).toEqual([words, words]);
  });

  it.each(['yesterday', 'x 1', '', '2026-11-31', '2026-02-30T00:00:00Z', '2026-11-21T25:00Z'])(
    'that never is is none: %j',
    (value) => {
      const words = `takes a time such as 2026-11-21T03:00:00Z, not "${value}".`;
      expect([aZonedTime(value), aDayOrZonedTime(value)]).toEqual([words, words]);
    },
  );

  it('may be a day where its beginning can be meant', () => {
    expect(aDayOrZonedTime('2024-02-29')).toBeUndefined();
    expect(aZonedTime('2024-02-29')).toContain('with its zone');
  });
});

it('a number has bounds', () => {
  expect([aNumber(0.1, 10)('0.1'), aNumber(0.1, 10)('10')]).toEqual([undefined, undefined]);
  expect(aNumber(0.1, 10)('10.5')).toBe('takes a number from 0.1 to 10, not "10.5".');
  expect([aWholeNumber(0, 9)('9'), aWholeNumber(0, 9)('')]).toEqual([
    undefined,
    'takes a whole number from 0 to 9, not "".',
  ]);
  expect(aWholeNumber(0, 9)('1.5')).toBe('takes a whole number from 0 to 9, not "1.5".');
});

it.each([
  [aRegion, ['eu-west-1', 'us-gov-west-1', 'ap-southeast-7'], ['', 'EU WEST', 'eu-west1', 'moon-1', 'eu-west-1a']],
  [aStack, ['Holdfast', 'a', 'team-1'], ['', '1st', 'Hold fast', 'x'.repeat(129)]],
  [something, ['x', ' y '], ['', ' ']],
] as const)('a name is one: %o', (check, right, wrong) => {
  expect(right.map((value) => check(value))).toEqual(right.map(() => undefined));
  expect(wrong.map((value) => check(value))).toEqual(wrong.map(() => expect.stringMatching(/^(takes|is empty)/)));
});

it('words are few', () => {
  expect(fewWords('x'.repeat(500))).toBeUndefined();
  expect(fewWords('x'.repeat(501))).toBe('takes at most 500 characters; these are 501.');
});
