import { expect, it } from 'vitest';
import { carriers, deletedNothing, keptLines, recoverAgain } from './recovery-words.ts';
import { sampleRecovery } from './samples-for-tests.ts';

it('a command that asks again asks for the same', () => {
  const workload = 'billing';
  expect(recoverAgain({ workload, before: '2026-01-01T00:00:00Z' }, 'p-1')).toBe('recover billing --point p-1');
  expect(recoverAgain({ workload, rdb: ['arn:a', 'arn:b'] }, 'arn:a arn:b')).toBe('recover billing --rdb arn:a arn:b');
  expect(recoverAgain({ workload, replace: true }, 'p-1')).toBe('recover billing --point p-1 --replace');
  expect(recoverAgain({ workload, toInstance: 'i-1', volumes: ['/dev/sdf', '/dev/sdg'] }, 'p-1')).toBe(
    'recover billing --point p-1 --to-instance i-1 --volume /dev/sdf /dev/sdg',
  );
});

const of = (...targets: readonly object[]) => {
  const recovery = sampleRecovery({ id: 'r-1' });
  // Of targets only their kind is looked at, and what they keep.
  return { ...recovery, plan: { ...recovery.plan, targets: targets as typeof recovery.plan.targets } };
};
const volume = { kind: 'ebs' };
const table = { kind: 'dynamodb', keeps: ['The replaced table is orders-old.'] };
const words = 'The replaced volumes are kept for 7 days, tagged holdfast:recovery = r-1.';

it.each([
  ['volumes', of(volume), 'volumes', [words], 'no volume'],
  ['a table', of(table), 'resources', ['The replaced table is orders-old.'], 'nothing'],
  ['both', of(volume, table), 'resources', [words, 'The replaced table is orders-old.'], 'no volume'],
  ['a resource that keeps nothing', of({ kind: 'rds' }), 'resources', [], 'nothing'],
  ['nobody knows what', of(), 'volumes', [words], 'no volume'],
])('a recovery of %s says what carries the data, what is kept, and that nothing was deleted', (...row) => {
  const [, recovery, carried, kept, deleted] = row;
  expect(carriers(recovery)).toBe(carried);
  expect(keptLines(recovery)).toEqual(kept);
  expect(deletedNothing(recovery)).toBe(`Holdfast deleted ${deleted}`);
});
