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
  'steps/settle': ['backup', 'overlap', 'settling', 'plan-refusals', 'holding-still', 'telling'],
  'steps/start-instance': recovering,
  'steps/stop-instance': recovering,
  'steps/take-safety-snapshot': recovering,
  'steps/verify-recovery': recovering,
  'steps/watch': ['telling', 'settling'],
  'flows/admit-run': ['backup', 'overlap', 'ordered-set', 'plan-refusals'],
  'flows/advance-recovery': recovering,
  'flows/alarm-unconfirmed': ['holding-still'],
  'flows/align-automatic': ['automatic-snapshots'],
  'flows/begin-copies': ['copies'],
  'flows/begin-member': ['backup', 'overlap', 'ordered-set', 'holding-still', 'opensearch-night'],
  'flows/check-copies': ['copies'],
  'flows/check-points': ['broken-point'],
  'flows/close-run': ['backup', 'plan-refusals', 'holding-still'],
  'flows/close-window': ['backup', 'holding-still'],
  'flows/draft-recovery': ['recovery-refusals', 'recovery', 'ami-replace'],
  'flows/draft-seed': ['cache-seed'],
  'flows/end-recovery': recovering,
  'flows/fail-copy': ['copies'],
  'flows/follow-artifacts': ['ordered-set', 'file-system'],
  'flows/follow-copies': ['copies'],
  'flows/follow-exports': ['cache-export'],
  'flows/look-at-copies': ['copies'],
  'flows/look-at-backup-plan': ['backup-plans', 'backup-plan-standing'],
  'flows/look-at-runs': ['backup', 'settling'],
  'flows/look-at-subscriptions': ['hearing'],
  'flows/plan-workload': ['backup', 'plan-refusals'],
  'flows/points-from-backup-plans': ['backup-plan-points'],
  'flows/points-from-tags': ['retire', 'file-system-recovery'],
  'flows/refuse-late': ['late-runs'],
  'flows/refuse-recovery': ['recovery-refusals', 'recovery-failures'],
  'flows/refuse-run': ['overlap', 'recovery-failures'],
  'flows/release-run': ['backup', 'holding-still'],
  'flows/retire-copies': ['copies'],
  'flows/settle-run': ['backup', 'settling', 'overlap', 'file-system'],
  'flows/share-slots': ['backup', 'plan-refusals', 'crowd'],
  'flows/start-undo': ['recovery-failures'],
  'flows/stop-under-way': ['file-system'],
  'flows/tell-dead-letters': ['telling'],
  'flows/tell-retire-blocked': ['retire', 'copies'],
  'flows/tell-unheard': ['hearing'],
  'flows/tidy-recoveries': ['recovery-leftovers'],
  'flows/watch-copies': ['copies'],
  'flows/watch-backup-plan': ['backup-plans', 'backup-plan-standing'],
};

/**
 * @param file as `functions/steps/settle.ts`
 * @throws Error for a file that has no row
 */
export function testsOf(file: string): readonly string[] {
  const known = table[file.replace(/^functions\//, '').replace(/\.ts$/, '')];
  if (known === undefined) throw new Error(`${file} has no row in test/mutants/steps/tests-of.ts.`);
  const all = file.startsWith('functions/steps/') ? [...known, 'bad-input'] : known;
  return all.map((name) => `test/${name}.test.ts`);
}
