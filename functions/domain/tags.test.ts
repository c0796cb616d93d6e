import { expect, it } from 'vitest';
import { tagKeys, tagLimit, volumeKey } from './tags.ts';

// Points of years ago are found by these keys: a changed one loses them.
it('artifacts carry these keys', () => {
  expect(Object.values(tagKeys)).toEqual([
    'holdfast:stack',
    'holdfast:workload',
    'holdfast:run',
    'holdfast:tier',
    'holdfast:verdict',
    'holdfast:expires',
    'holdfast:instance',
    'holdfast:count',
    'holdfast:recovery',
    'holdfast:role',
    'holdfast:requested-by',
    'holdfast:reason',
    'holdfast:source',
  ]);
  expect(volumeKey('vol-1')).toBe('holdfast:volume:vol-1');
});

it('a resource takes 50 of them', () => {
  expect(tagLimit).toBe(50);
});
