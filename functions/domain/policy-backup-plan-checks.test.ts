import { describe, expect, it } from 'vitest';
import { type PolicyInput, parsePolicy } from './policy-schema.ts';

type PlanInput = NonNullable<PolicyInput['plans']>[string];

const workload = {
  schedule: { rate: '1 day' },
  members: [{ kind: 'ebs', instance: { id: 'i-0a1b2c3d4e5f60718' }, volumes: 'data' }],
} as const;

function parsed(changes: Partial<PlanInput>, name = 'everything') {
  const plan = { select: { tags: { backup: 'daily' } }, ...changes };
  const workloads = { one: { ...workload, members: [...workload.members] } };
  return parsePolicy({ version: 1, mail: { failures: ['ops@example.com'] }, workloads, plans: { [name]: plan } });
}

function planOf(changes: Partial<PlanInput> = {}) {
  const result = parsed(changes);
  return 'policy' in result ? result.policy.plans?.[0] : undefined;
}

function mistakes(changes: Partial<PlanInput>, name?: string): readonly string[] {
  const result = parsed(changes, name);
  return 'mistakes' in result ? result.mistakes.map(({ path, message }) => `${path.join('.')}: ${message}`) : [];
}

const only = (types: NonNullable<PlanInput['select']['types']>) => ({ tags: { backup: 'daily' }, types });

describe('a plan', () => {
  it('copies every day between five and six, UTC, and keeps that for 30 days, unless told', () => {
    expect(planOf()).toEqual({
      name: 'everything',
      tags: { backup: 'daily' },
      rules: [
        {
          name: '1-day',
          expression: 'cron(0 5 ? * * *)',
          timeZone: 'UTC',
          startMinutes: 60,
          keepDays: 30,
          continuous: false,
        },
      ],
    });
  });

  it('moves weekly and monthly copies to cold storage, unless it is told how long they are kept', () => {
    const rules = planOf({ rules: [{ every: 'week' }, { every: 'month' }, { every: 'week', keepDays: 60 }] })?.rules;
    expect(rules).toEqual([
      expect.objectContaining({ name: '1-week', expression: 'cron(0 5 ? * 1 *)', keepDays: 120, coldAfterDays: 30 }),
      expect.objectContaining({ name: '2-month', expression: 'cron(0 5 1 * ? *)', keepDays: 365, coldAfterDays: 30 }),
      expect.not.objectContaining({ coldAfterDays: 30 }),
    ]);
  });

  it('may have a lock that its copies fit', () => {
    expect(planOf({ lock: { minDays: 7, maxDays: 30, changeableDays: 3 } })?.lock).toEqual({
      ...{ minDays: 7, maxDays: 30, changeableDays: 3 },
    });
    expect(planOf({ lock: { minDays: 30 } })?.lock).toEqual({ minDays: 30 });
  });

  it('may copy databases and buckets continuously, where it names them', () => {
    const plan = planOf({ select: only(['rds', 'cluster', 's3']), rules: [{ continuous: true }] });
    expect(plan?.rules).toEqual([expect.objectContaining({ continuous: true, keepDays: 35 })]);
  });

  it.each<[Partial<PlanInput>, string, string]>([
    [{ rules: [{ continuous: true }] }, 'rules.0.continuous', 'would reach file systems of EFS'],
    [{ select: only(['efs', 's3']), rules: [{ continuous: true }] }, 'rules.0.continuous', 'would reach file systems'],
    [{ select: only(['ebs']), rules: [{ continuous: true }] }, 'rules.0.continuous', 'of rds, cluster (Aurora) and s3'],
    [{ select: only(['s3']), rules: [{ continuous: true, keepDays: 36 }] }, 'rules.0.continuous', '35 days at most'],
    [
      { select: only(['s3']), rules: [{ continuous: true, coldAfterDays: 1 }] },
      'rules.0.keepDays',
      'from day 1 on stays there 90 days',
    ],
    [{ rules: [{ keepDays: 100, coldAfterDays: 11 }] }, 'rules.0.keepDays', 'from day 11 on stays there 90 days'],
    [{ rules: [{ startWithin: '59m' }] }, 'rules.0.startWithin', 'an hour at least'],
    [{ rules: [{ completeWithin: '119m' }] }, 'rules.0.completeWithin', 'give it 120m'],
    [{ rules: [{ cron: '0 25 * * ? *' }] }, 'rules.0.cron', 'hour'],
    [{ rules: [{ timeZone: 'London' }] }, 'rules.0.timeZone', 'is not a time zone'],
    [{ lock: { minDays: 31 } }, 'rules.0.keepDays', 'do not fit the vault'],
    [{ lock: { minDays: 1, maxDays: 29 } }, 'rules.0.keepDays', 'do not fit the vault'],
    [{ lock: { minDays: 30, maxDays: 29 } }, 'lock.maxDays', 'less than minDays'],
    [{ select: { tags: {} } }, 'select.tags', 'at least one tag'],
  ])('with %j is refused at %s', (changes, path, words) => {
    const found = mistakes(changes);
    expect(found.filter((each) => each.startsWith(`plans.everything.${path}: `)).join()).toContain(words);
  });

  it.each([
    [{ rules: [{ keepDays: 101, coldAfterDays: 11 }] }],
    [{ rules: [{ startWithin: '60m', completeWithin: '120m' }] }],
    [{ select: only(['s3']), rules: [{ continuous: true, keepDays: 35 }] }],
  ])('with %j is just right', (changes) => {
    expect(mistakes(changes)).toEqual([]);
  });

  it('has a name that fits into a vault’s', () => {
    expect(mistakes({}, 'a'.repeat(24))).toEqual([]);
    expect(mistakes({}, 'a'.repeat(25)).join()).toContain('1 to 24');
  });
});
