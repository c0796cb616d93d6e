/** Test files that know each step and flow: what must notice a mutant of it. */
const recovering = ['recovery', 'recovery-failures'];
const table: Readonly<Record<string, readonly string[]>> = {
  'steps/abandon-recovery': ['recovery-failures', 'aurora'],
  'steps/ask-domain': ['opensearch-vpc'],
  'steps/attach-volumes': recovering,
  'steps/begin-run': ['backup', 'overlap', 'crowd'],
  'steps/begin-tiers': ['backup', 'overlap', 'ordered-set', 'holding-still', 'opensearch-night'],
  'steps/close-window': ['holding-still'],
  'steps/commit-recovery': recovering,
  'steps/create-volumes': recovering,
  'steps/detach-volumes': recovering,
  'steps/guard-execution': ['holding-still', 'recovery-failures'],
  'steps/plan-recovery': ['recovery-refusals', ...recovering],
  'steps/plan-run': ['plan-refusals', 'holding-still'],
  'steps/quiesce': ['backup', 'holding-still', 'ecs-service'],
  'steps/release': ['backup', 'holding-still'],
  'steps/report': ['telling'],
  'steps/retire': ['automatic-snapshots', 'broken-point', 'retire', 'recovery-leftovers', 'settling'],
  'steps/roll-back': ['recovery-failures'],
  'steps/send-digest': ['telling'],
  'steps/settle': ['backup', 'overlap', 'settling', 'plan-refusals', 'holding-still'],
  'steps/start-instance': recovering,
  'steps/stop-instance': recovering,
  'steps/take-safety-snapshot': recovering,
  'steps/verify-recovery': recovering,
  'steps/watch': ['telling', 'settling'],
  'flows/admit-run': ['backup', 'overlap', 'ordered-set', 'plan-refusals'],
  'flows/advance-recovery': recovering,
  'flows/alarm-unconfirmed': ['holding-still'],
  'flows/begin-member': ['backup', 'overlap', 'ordered-set', 'holding-still', 'opensearch-night'],
  'flows/align-automatic': ['automatic-snapshots'],
  'flows/check-points': ['broken-point'],
  'flows/close-run': ['backup', 'plan-refusals', 'holding-still'],
  'flows/close-window': ['backup', 'holding-still'],
  'flows/draft-recovery': ['recovery-refusals', 'recovery'],
  'flows/draft-seed': ['cache-seed'],
  'flows/end-recovery': recovering,
  'flows/follow-artifacts': ['ordered-set', 'file-system'],
  'flows/follow-exports': ['cache-export'],
  'flows/look-at-plan': ['backup-plans', 'plan-standing'],
  'flows/look-at-runs': ['backup', 'settling'],
  'flows/plan-workload': ['backup', 'plan-refusals'],
  'flows/points-from-plans': ['plan-points'],
  'flows/points-from-tags': ['retire', 'file-system-recovery'],
  'flows/refuse-recovery': ['recovery-refusals', 'recovery-failures'],
  'flows/refuse-run': ['overlap', 'recovery-failures'],
  'flows/release-run': ['backup', 'holding-still'],
  'flows/settle-run': ['backup', 'settling', 'overlap'],
  'flows/share-slots': ['backup', 'plan-refusals', 'crowd'],
  'flows/start-undo': ['recovery-failures'],
  'flows/stop-under-way': ['file-system'],
  'flows/tidy-recoveries': ['recovery-leftovers'],
  'flows/watch-plan': ['backup-plans', 'plan-standing'],
};

/**
 * @param file as `functions/steps/settle.ts`
 * @throws Error for a file that has no row
 */
export function testsOf(file: string): readonly string[] {
  const known = table[file.replace(/^functions\//, '').replace(/\.ts$/, '')];
  if (known === undefined) throw new Error(`${file} has no row in test/mutants/steps/tests-of.ts.`);
  return known.map((name) => `test/${name}.test.ts`);
}
