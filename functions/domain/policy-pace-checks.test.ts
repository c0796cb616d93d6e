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

it('a cache on nodes is due 20 times a day at most, a serverless one 24 times', () => {
  const cache = (resource: string) => [{ kind: 'elasticache', resource } as const];
  expect(mistakes({ rate: '1 hour' }, cache('serverlesscache:orders'))).toEqual([]);
  expect(mistakes({ rate: '1 hour' }, cache('replicationgroup:orders'))[0]).toContain('at most 20 snapshots');
  expect(mistakes({ rate: '50 minutes' }, cache('serverlesscache:orders'))[0]).toContain('at most 24 snapshots');
});

it('a cache whose snapshots are copied is due half as often: a copy may count', () => {
  const kmsKey = 'arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000001';
  const copied = [{ ...cluster, copy: { kmsKey } }];
  expect(mistakes({ rate: '144 minutes' }, copied)).toEqual([]);
  expect(mistakes({ rate: '2 hours' }, copied)[0]).toContain('at most 10 snapshots');
  expect(mistakes({ rate: '1 day' }, [{ ...cluster, copy: { kmsKey: 'alias/spare' } }])[0]).toContain('by its ARN');
});

it.each(['replicationgroup:orders', 'cluster:orders-001', 'serverlesscache:o'])('%s is a cache', (resource) => {
  expect(mistakes({ rate: '1 day' }, [{ kind: 'elasticache', resource }])).toEqual([]);
});

it.each([
  ...['orders', 'group:orders', 'cluster:', 'cluster:Orders', 'cluster:1st', 'cluster:or--ders', 'cluster:orders-'],
  ...[`replicationgroup:${'o'.repeat(41)}`, `cluster:${'o'.repeat(51)}`, 'cluster:orders:1'],
])('%s is no cache', (resource) => {
  expect(mistakes({ rate: '1 day' }, [{ kind: 'elasticache', resource }])).toEqual([
    expect.stringContaining('members.0.resource: It is named as at the end of its ARN'),
  ]);
});

it.each(['orders/cache', '/orders/', '/orders cache', '/aws/cache'])('%s is no parameter', (parameter) => {
  expect(mistakes({ rate: '1 day' }, [{ ...cluster, parameter }])[0]).toMatch(/^members\.0\.parameter: /);
});

it('a schedule that cannot be read is told once', () => {
  expect(mistakes({ cron: 'never' }, [cluster])).toHaveLength(1);
});

it('a cache is found by a parameter or by a CNAME record, not by both', () => {
  const cname = { zone: 'Z0INTERNAL', name: 'cache.internal.example.com' };
  expect(mistakes({ rate: '1 day' }, [{ ...cluster, cname }])).toEqual([]);
  expect(mistakes({ rate: '1 day' }, [{ ...cluster, cname, parameter: '/orders/cache' }])[0]).toContain('not both');
});

it.each([
  ['Cache.internal.example.com', 'name'],
  ['cache.internal.example.com.', 'name'],
  ['cache', 'name'],
])('%s is no name of a record', (name) => {
  const cname = { zone: 'Z0INTERNAL', name };
  expect(mistakes({ rate: '1 day' }, [{ ...cluster, cname }])[0]).toMatch(/^members\.0\.cname\.name: /);
});
