/** Deletes what ended recoveries of a workload left behind, once it has been kept for as long as the policy said. */
import type { Recovery } from '#domain/recovery.ts';
import { keepUntil } from '#domain/recovery-progress.ts';
import { changeRecovery } from '#ledger/recoveries.ts';
import { restorerOf } from '#providers/restorers.ts';

/**
 * @param recoveries those of one workload
 * @returns a sentence for each thing that should go and cannot; it is tried again at the next call
 */
export async function tidyRecoveries(recoveries: readonly Recovery[]): Promise<readonly string[]> {
  const now = new Date().toISOString();
  const due = recoveries.filter((recovery) => isDue(recovery, now));
  return (await Promise.all(due.map((recovery) => tidy(recovery, now)))).flat();
}

/** Of a stranded recovery a person decides. */
const isDue = (recovery: Recovery, now: string): boolean =>
  (recovery.state === 'committed' || recovery.state === 'rolled-back') &&
  recovery.tidiedAt === undefined &&
  keepUntil(recovery) < now;

async function tidy(recovery: Recovery, now: string): Promise<readonly string[]> {
  const targets = recovery.plan.targets.map((target) => restorerOf(target.kind).tidy(target, recovery));
  const problems = (await Promise.all(targets)).flat();
  if (problems.length === 0) {
    await changeRecovery(recovery.workload, recovery.id, (stored) => ({ ...stored, tidiedAt: now }));
  }
  return problems;
}
