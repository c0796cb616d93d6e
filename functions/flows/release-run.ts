/** Lets a run's workload go: idempotent, and confirmed by the guests. The machine, the guard and settle all do it this way. */
import type { Run } from '#domain/run.ts';
import { holdsLearnt, releaseSent } from '#domain/window-progress.ts';
import { releaseAll } from '#hooks/release-all.ts';
import { changeRun, readRun } from '#ledger/runs.ts';

/** How long one try waits for the guests to confirm. */
const budgetMs = 60_000;

/**
 * Releases every hold that is not confirmed free.
 * @param then what becomes of the run in the same write as the last confirmation; default: it stays as it is
 * @returns the run as it is afterwards
 */
export async function releaseRun(
  workload: string,
  runId: string,
  then: (released: Run) => Run = (released) => released,
): Promise<Run | undefined> {
  const run = await readRun(workload, runId);
  if (run?.window === undefined || run.window.releasedAt !== undefined) return run;
  const sentAt = new Date().toISOString();
  await changeRun(workload, runId, (now) => releaseSent(now, sentAt));
  const holds = await releaseAll(run.window.holds, runId, budgetMs);
  return changeRun(workload, runId, (now) => {
    const learnt = holdsLearnt(now, holds, new Date().toISOString());
    return learnt?.window?.releasedAt === undefined ? learnt : then(learnt);
  });
}
