import { describe, expect, it } from 'vitest';
import { closest } from './closest.ts';
import { durationMinutes, durationWords } from './duration.ts';

describe('a duration', () => {
  it.each([
    ['90m', 90],
    ['26h', 1560],
    ['2d', 2880],
    ['0h', undefined],
    ['26 h', undefined],
    ['1w', undefined],
  ])('%s is %s minutes', (text, minutes) => expect(durationMinutes(text)).toBe(minutes));

  it.each([
    [-5, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [12 * 60_000, '12 min'],
    [3_600_000, '1 h'],
    [48 * 3_600_000, '2 d'],
    [26.5 * 3_600_000, '26 h 30 min'],
    [76 * 3_600_000, '3 d 4 h'],
  ])('%s ms is said as %s', (ms, words) => expect(durationWords(ms)).toBe(words));
});

describe('the closest word', () => {
  it.each([
    ['timezone', 'timeZone'],
    ['retentoin', 'retention'],
    ['mial', 'mail'],
    ['banana', undefined],
    ['x', undefined],
  ])('to %s is %s', (word, known) => expect(closest(word, ['mail', 'retention', 'timeZone'])).toBe(known));
});
