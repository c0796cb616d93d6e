import { describe, expect, test } from 'vitest';
import { sampleRecovery } from '#domain/samples-for-tests.ts';
import { hasWork, phasesOf, whatComes } from './recovery-phases.ts';

/** A recovery of these kinds. */
function recoveryOf(kinds: readonly string[], { replace = false, safetySnapshot = true } = {}) {
  const { plan, request } = sampleRecovery();
  const targets = kinds.map((kind) => ({ kind, resource: `${kind}-1`, detail: {} }));
  return sampleRecovery({ plan: { ...plan, targets, safetySnapshot }, request: { ...request, replace } });
}
const titles = (...args: Parameters<typeof recoveryOf>) => phasesOf(recoveryOf(...args)).map(({ title }) => title);

describe('the phases of a recovery', () => {
  test('of volumes are all there are', () => {
    expect(titles(['ebs'])).toEqual([
      'Plan, take the lease',
      'Create the volumes',
      'Snapshot what is replaced',
      'Stop the instances',
      'Detach what is replaced',
      'Attach the recovered volumes',
      'Start the instances',
      'Verify',
      'Commit',
      'Roll back',
    ]);
  });

  test('are without a safety snapshot that nobody wants', () => {
    expect(titles(['ebs'], { safetySnapshot: false })).not.toContain('Snapshot what is replaced');
  });

  test.each([
    [['rds'], false, ['Create the databases', 'Free the names', 'Take the names']],
    [['elasticache'], false, ['Create the new resources', 'Lead applications to them']],
    [['ami'], false, ['Launch the instances']],
    [['ami'], true, ['Launch the instances', 'Stop the instances', 'Put what is new in its place']],
    [['efs', 'rds'], false, ['Create what is new', 'Take what is replaced away', 'Put what is new in its place']],
  ])('of %j (replaced: %j) have no step that is none of theirs', (kinds, replace, own) => {
    expect(titles(kinds, { replace })).toEqual(['Plan, take the lease', ...own, 'Verify', 'Commit', 'Roll back']);
  });

  test('are told all the same when it was there that it failed', () => {
    const failed = { ...recoveryOf(['rds']), failure: { name: 'TransientFault', message: 'x', phase: 'stop' } };
    expect([hasWork(recoveryOf(['rds']), 'stop'), hasWork(failed, 'stop')]).toEqual([false, true]);
  });
});

describe('what comes of a recovery', () => {
  test.each([
    [['ebs'], false, 'Its instances are stopped for some minutes, and their volumes are exchanged.'],
    [['ami'], false, 'New instances start beside the present ones, which go on.'],
    [['ami'], true, 'Once new instances have passed their checks, the present ones are stopped and replaced.'],
    [['rds', 'aurora'], false, 'Its databases are out of reach for some minutes, while new ones take their names.'],
    [['memorydb'], false, 'New resources are made, and applications are led to them; the present ones go on.'],
    [[], false, 'The workload may go down for some minutes.'],
  ])('of %j (replaced: %j) is said in their words', (kinds, replace, words) => {
    expect(whatComes(kinds, replace)).toBe(words);
  });

  test('of several kinds is said of each', () => {
    expect(whatComes(['ebs', 'efs'], false)).toMatch(/are stopped .* New resources are made/);
  });
});
