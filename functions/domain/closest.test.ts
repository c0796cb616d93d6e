import { describe, expect, it } from 'vitest';
import { byDistance, closest, editDistance } from './closest.ts';

describe('the edits between two words', () => {
  it.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['mail', 'mail', 0],
    ['mail', 'mails', 1],
    ['mails', 'mail', 1],
    ['xmail', 'mail', 1],
    ['mail', 'xmail', 1],
    ['mail', 'mall', 1],
    ['mial', 'mail', 2],
    ['kitten', 'sitting', 3],
    ['abcdef', 'badcfe', 4],
  ])('%j and %j: %i', (one, other, edits) => expect(editDistance(one, other)).toBe(edits));
});

describe('known words by distance', () => {
  it('come nearest first, whatever their case, and those equally near as they were', () => {
    expect(byDistance('KIND', ['retention', 'mind', 'Kind', 'bind'])).toEqual(['Kind', 'mind', 'bind', 'retention']);
  });
});

describe('the word that was meant', () => {
  it.each([
    ['retentoin', ['mail', 'retention'], 'retention'],
    ['retenti', ['retention'], 'retention'],
    ['retent', ['retention'], undefined],
    ['RETENTION', ['retention'], 'retention'],
    ['mial', ['mail'], 'mail'],
    ['mal', ['mail'], 'mail'],
    ['ial', ['mall'], undefined],
    ['ab', ['ax'], 'ax'],
    ['a', ['b'], undefined],
    ['mail', [], undefined],
  ])('%s among %j is %s: within two edits, and half of what was typed', (word, known, meant) =>
    expect(closest(word, known)).toBe(meant),
  );
});
