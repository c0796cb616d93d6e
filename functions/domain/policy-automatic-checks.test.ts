import { expect, it } from 'vitest';
import { type PolicyInput, parsePolicy } from './policy-schema.ts';

type WorkloadInput = PolicyInput['workloads'][string];

const cluster = { kind: 'memorydb', resource: 'orders', automatic: { retentionDays: 7 } } as const;
const serverless = { ...cluster, kind: 'elasticache', resource: 'serverlesscache:carts' } as const;
const off = { ...cluster, automatic: { retentionDays: 0 } } as const;

function mistakes(changes: Partial<WorkloadInput>): readonly string[] {
  const workload: WorkloadInput = {
    schedule: { cron: '0 3 * * ? *' },
    members: [cluster],
    objectives: { rpo: '60d' },
    ...changes,
  };
  const found = parsePolicy({ version: 1, mail: { failures: ['ops@example.com'] }, workloads: { one: workload } });
  return 'mistakes' in found ? found.mistakes.map(({ path, message }) => `${path.slice(2).join('.')}: ${message}`) : [];
}

const withDays = (retentionDays: number) => mistakes({ members: [{ ...cluster, automatic: { retentionDays } }] });

it('automatic snapshots are kept 0 to 35 days, as their services say', () => {
  expect([0, 1, 35].flatMap(withDays)).toEqual([]);
  expect(withDays(36)).toEqual([
    'members.0.automatic.retentionDays: ElastiCache and MemoryDB keep automatic snapshots 35 days at most (docs.aws.amazon.com/memorydb/latest/devguide/snapshots-automatic.html).',
  ]);
  expect(withDays(-1)).toEqual(['members.0.automatic.retentionDays: This must be at least 0.']);
  expect(withDays(1.5)).toHaveLength(1);
});

it.each([
  { schedule: { rate: '1 day' } },
  { schedule: { cron: '0 3,15 * * ? *' } },
  { schedule: { cron: '0 3 1 * ? *' } },
  { schedule: { cron: '0 3 1 6 ? 2026' } },
])('they cannot follow a schedule that has no daily or weekly time, as $schedule', ({ schedule }) => {
  const [found, ...more] = mistakes({ schedule });
  expect(found).toContain(
    'members.0.automatic: The automatic snapshots of memorydb orders are made every day at one time',
  );
  expect(more).toEqual([]);
  expect(mistakes({ schedule, members: [off] })).toEqual([]);
});

it.each(['0 3 * * ? *', '30 2 ? * MON-FRI *', '0 1 ? * SUN *'])('they follow a daily or weekly time, as %s', (cron) => {
  expect(mistakes({ schedule: { cron, timeZone: 'Europe/London' } })).toEqual([]);
});

it('their hour fits into the window of the workload; a time of day has no length', () => {
  expect(mistakes({ window: '59m' })[0]).toContain(
    'members.0.automatic: The automatic snapshots of memorydb orders begin at any time in a window of 60 minutes at least (docs.aws.amazon.com/memorydb/latest/devguide/snapshots-automatic.html)',
  );
  expect(mistakes({ window: '60m' })).toEqual([]);
  expect(mistakes({ window: '30m', members: [off] })).toEqual([]);
  expect(mistakes({ window: '30m', members: [serverless] })).toEqual([]);
});

it('no other kind takes the setting', () => {
  const table = { kind: 'dynamodb', resource: 'carts', automatic: { retentionDays: 7 } };
  const workload = { schedule: { cron: '0 3 * * ? *' }, members: [table] };
  const found = parsePolicy({ version: 1, mail: { failures: ['ops@example.com'] }, workloads: { one: workload } });
  expect('mistakes' in found && found.mistakes.map(({ message }) => message)).toEqual([
    'There is no setting "automatic" here.',
  ]);
});
