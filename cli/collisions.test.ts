import { expect, test } from 'vitest';
import { sampleWorkload } from '#domain/samples-for-tests.ts';
import { collisions } from './collisions.ts';
import type { Planned } from './plan.ts';

const nowMs = Date.UTC(2026, 10, 21);

const planned = (name: string, cron: string, instance: string): Planned => ({
  workload: sampleWorkload({ name, schedule: { expression: `cron(${cron})`, timeZone: 'UTC' } }),
  found: {
    plan: {
      members: [{ kind: 'ebs', resource: instance, tier: 1, artifacts: 1, detail: {} }],
      hooks: [],
      onQuiesceFailure: 'abort',
    },
    refusals: [],
    notes: [],
    unreachable: [],
    reservations: [],
  },
  nextMs: undefined,
});

test('two workloads on one instance that are due together are named, with the time', () => {
  const [warning] = collisions([planned('one', '0 3 * * ? *', 'i-1'), planned('two', '3 3 * * ? *', 'i-1')], nowMs);
  expect(warning).toContain('one and two share i-1');
  expect(warning).toContain('2026-11-21T03:00');
});

test('neither other instances nor other hours collide', () => {
  expect(collisions([planned('one', '0 3 * * ? *', 'i-1'), planned('two', '0 3 * * ? *', 'i-2')], nowMs)).toEqual([]);
  expect(collisions([planned('one', '0 3 * * ? *', 'i-1'), planned('two', '0 4 * * ? *', 'i-1')], nowMs)).toEqual([]);
});
