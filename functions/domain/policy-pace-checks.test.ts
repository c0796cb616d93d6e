import { expect, it } from 'vitest';
import { type PolicyInput, parsePolicy } from './policy-schema.ts';

type WorkloadInput = PolicyInput['workloads'][string];

function mistakes(schedule: WorkloadInput['schedule'], members: WorkloadInput['members']): readonly string[] {
  const parsed = parsePolicy({
    ...{ version: 1, mail: { failures: ['ops@example.com'] } },
    workloads: { one: { schedule, members } },
  });
  return 'mistakes' in parsed
    ? parsed.mistakes.map(({ path, message }) => `${path.slice(2).join('.')}: ${message}`)
    : [];
}

const cluster = { kind: 'memorydb', resource: 'orders' } as const;
const database = { kind: 'rds', resource: 'orders' } as const;

it('a cluster is not due more often than MemoryDB makes snapshots of it', () => {
  expect(mistakes({ rate: '72 minutes' }, [cluster])).toEqual([]);
  expect(mistakes({ rate: '1 hour' }, [database, cluster])).toEqual([
    'members.1: The schedule is due 24 times in 24 hours, and of memorydb orders its service makes at most 20 snapshots in that time.',
  ]);
  expect(mistakes({ cron: '*/2 3 * * ? *' }, [cluster])[0]).toContain('due 30 times in 24 hours');
  expect(mistakes({ cron: '0,30 0-9 * * ? *', timeZone: 'Europe/London' }, [cluster])).toEqual([]);
});

it('a schedule that cannot be read is told once', () => {
  expect(mistakes({ cron: 'never' }, [cluster])).toHaveLength(1);
});
