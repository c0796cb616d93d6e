/** The last look, then the point of no return: the recovery is committed, the lease goes back, the mail is owed. */
import * as z from 'zod/mini';
import { advanceRecovery, type Progress } from '#flows/advance-recovery.ts';
import { endCommitted } from '#flows/end-recovery.ts';
import { readRecovery } from '#ledger/recoveries.ts';
import { step } from '#platform/step.ts';

export const input = z.object({ workload: z.string(), recoveryId: z.string() });
type Input = z.infer<typeof input>;

/** A second call, after a lost reply, only repeats what follows the commit. */
export async function commitRecovery(key: Input): Promise<Progress> {
  const before = await readRecovery(key.workload, key.recoveryId);
  const progress = before?.state === 'committed' ? { ...key, done: true } : await advanceRecovery('commit', key);
  if (progress.done) await endCommitted(key);
  return progress;
}

export const handler = step('commit-recovery', input, commitRecovery);
