import { expect, it } from 'vitest';
import { type PolicyInput, parsePolicy } from './policy-schema.ts';

type WorkloadInput = PolicyInput['workloads'][string];

const database = { kind: 'rds', resource: 'orders', continuous: true } as const;
const disk = { kind: 'ebs', instance: { id: 'i-0a1b2c3d4e5f60718' }, volumes: 'data', tier: 2 } as const;

function parsed(changes: Partial<WorkloadInput>) {
  const workload: WorkloadInput = { schedule: { rate: '1 day' }, members: [database, disk], ...changes };
  return parsePolicy({ version: 1, mail: { failures: ['ops@example.com'] }, workloads: { one: workload } });
}

function mistakes(changes: Partial<WorkloadInput>): readonly string[] {
  const found = parsed(changes);
  return 'mistakes' in found ? found.mistakes.map(({ path, message }) => `${path.slice(2).join('.')}: ${message}`) : [];
}

it('a moment is kept as long as its service keeps any', () => {
  expect(mistakes({ retention: { days: 35 } })).toEqual([]);
  expect(mistakes({ retention: { days: 36 } })).toEqual([
    'retention.days: The continuous backup of rds is kept 35 days at most, so no point of it can be kept 36.',
  ]);
  expect(mistakes({ members: [{ ...database, continuous: false }, disk], retention: { days: 36 } })).toEqual([]);
});

it('no moment is kept for being one of the newest points', () => {
  expect(mistakes({ retention: { days: 7, minimum: 7 } })).toEqual([]);
  expect(mistakes({ retention: { days: 7, minimum: 8 } })[0]).toContain(
    'retention.minimum: The newest 8 points span up to 8 d, and what is continuous is gone after 7 days',
  );
  expect(mistakes({ schedule: { rate: '7 days' }, objectives: { rpo: '8d' } })[0]).toMatch(/^retention\.minimum: /);
});

it('the window is five minutes where all that is not fixed at once is a moment, unless told', () => {
  const minutes = (changes: Partial<WorkloadInput>) => {
    const found = parsed(changes);
    return 'policy' in found ? found.policy.workloads[0]?.windowMinutes : found.mistakes;
  };
  expect(minutes({})).toBe(5);
  expect(minutes({ window: '2m' })).toBe(2);
  expect(minutes({ members: [database, { kind: 'aurora', resource: 'cases' }, disk] })).toBe(60);
});

it('says in the policy which members are moments', () => {
  const found = parsed({ members: [database, { kind: 'aurora', resource: 'cases' }] });
  expect('policy' in found && found.policy.workloads[0]?.members).toEqual([
    { kind: 'rds', tier: 1, resource: 'orders', continuous: true },
    { kind: 'aurora', tier: 1, resource: 'cases' },
  ]);
});

it('kinds without a continuous backup do not know the word', () => {
  const member = { kind: 'memorydb', resource: 'orders', continuous: true };
  const workloads = { one: { schedule: { rate: '1 day' }, members: [member] } };
  expect('mistakes' in parsePolicy({ version: 1, mail: { failures: ['ops@example.com'] }, workloads })).toBe(true);
});
