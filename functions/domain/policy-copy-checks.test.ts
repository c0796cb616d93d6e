import { expect, it } from 'vitest';
import { type PolicyInput, parsePolicy } from './policy-schema.ts';

type WorkloadInput = PolicyInput['workloads'][string];

const disk = { kind: 'ebs', instance: { id: 'i-0a1b2c3d4e5f60718' }, volumes: 'data', tier: 2 } as const;
const key = 'arn:aws:kms:eu-central-1:111122223333:key/mrk-0a1b2c3d4e5f60718293a4b5c6d7e8f9';
const copyTo = { region: 'eu-central-1', key } as const;

const parsed = (changes: Partial<WorkloadInput>) =>
  parsePolicy({
    ...{ version: 1, mail: { failures: ['ops@example.com'] } },
    workloads: { one: { schedule: { rate: '1 day' }, members: [disk], copyTo, ...changes } },
  });

function mistakes(changes: Partial<WorkloadInput>): readonly string[] {
  const result = parsed(changes);
  return 'mistakes' in result
    ? result.mistakes.map(({ path, message }) => `${path.slice(2).join('.')}: ${message}`)
    : [];
}

function copies(changes: Partial<WorkloadInput>) {
  const result = parsed(changes);
  return 'policy' in result ? result.policy.workloads[0]?.copyTo : undefined;
}

it('a workload of disks may be copied, as long as its points, and told of after twice its RPO', () => {
  expect(copies({ retention: { days: 9, minimum: 3 }, objectives: { rpo: '25h' } })).toEqual({
    ...copyTo,
    retention: { days: 9, minimum: 3 },
    rpoMinutes: 50 * 60,
  });
  expect(copies({ copyTo: { ...copyTo, retention: { days: 2 }, rpo: '3d' } })).toMatchObject({
    retention: { days: 2, minimum: 7 },
    rpoMinutes: 3 * 24 * 60,
  });
});

it('one set or none: members that cannot be copied are named, each kind once, and what can', () => {
  const member = (resource: string) => ({ kind: 'dynamodb', resource, tier: 1 }) as const;
  expect(mistakes({ members: [member('orders'), member('people'), disk] })).toEqual([
    'copyTo: Members of kind dynamodb are not copied to another Region, and a set there without them is none: one set or none. Copied are members of kind aurora, ebs, rds. Have AWS Backup copy the others by a plan, or take them into a workload of their own.',
  ]);
});

it('databases may be copied, and no moments of their continuous backups', () => {
  const members = [{ kind: 'rds', resource: 'orders' }, { kind: 'aurora', resource: 'people' }, disk] as const;
  expect(mistakes({ members: [...members] })).toEqual([]);
  expect(mistakes({ members: [{ ...members[0], continuous: true }, members[1], disk] })).toEqual([
    'copyTo: rds orders is continuous: what a point has of it is a moment of a backup that stays in its Region, and nothing of it can be copied. Leave out its "continuous", or copyTo.',
  ]);
});

it('a key is in the Region of the copies, and no alias', () => {
  expect(mistakes({ copyTo: { region: 'eu-north-1', key } })).toEqual([
    'copyTo.key: The key is in eu-central-1, and copies in eu-north-1 are encrypted with a key there; of a multi-Region key, with its replica there.',
  ]);
  expect(mistakes({ copyTo: { ...copyTo, key: 'alias/copies' } })[0]).toMatch(
    /^copyTo\.key: A key is named by its ARN/,
  );
  expect(mistakes({ copyTo: { region: 'Frankfurt', key } })[0]).toMatch(/^copyTo\.region: A Region is named like/);
});

it('copies may be older than points', () => {
  expect(mistakes({ objectives: { rpo: '26h' }, copyTo: { ...copyTo, rpo: '26h' } })).toEqual([
    'copyTo.rpo: What is copied is older than the point that it is a copy of, which may be 26h old.',
  ]);
  expect(mistakes({ objectives: { rpo: '26h' }, copyTo: { ...copyTo, rpo: '27h' } })).toEqual([]);
});
