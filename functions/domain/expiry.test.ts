import { expect, it } from 'vitest';
import { daysAfter, expiryOf, failedRunDays } from './expiry.ts';
import { sampleWorkload } from './samples-for-tests.ts';

it('artifacts expire so many days after they were taken as the policy keeps them', () => {
  expect(expiryOf(sampleWorkload({ retention: { days: 30, minimum: 7 } }), '2026-11-21T03:00:07.123Z')).toBe(
    '2026-12-21T03:00:07.123Z',
  );
});

it('what a failed run left is kept for one day', () => {
  expect(daysAfter('2026-11-21T03:00:07.123Z', failedRunDays)).toBe('2026-11-22T03:00:07.123Z');
});
