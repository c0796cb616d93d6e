/** Lets a run's workload go: idempotent, and confirmed by the guests. The machine, the guard and settle all do it this way. */
import type { Run } from '#domain/run.ts';
import { holdsLearnt, releaseSent } from '#domain/window-progress.ts';
import { releaseAll } from '#hooks/release-all.ts';
import { changeRun, readRun } from '#ledger/runs.ts';

/** How long one try waits for the guests to confirm. */
const budgetMs = 60_000;

/**
 * Releases every hold that is not confirmed free.
 * @param whenFree writes down what was learnt, with whatever follows from all holds being confirmed free; default: nothing does
 * @returns the run as it is afterwards
 */
export async function releaseRun(
  workload: string,
  runId: string,
  whenFree: (learnt: (run: Run) => Run) => Promise<Run | undefined> = (learnt) => changeRun(workload, runId, learnt),
): Promise<Run | undefined> {
  const run = await readRun(workload, runId);
  if (run?.window === undefined || run.window.releasedAt !== undefined) return run;
  const sentAt = new Date().toISOString();
  await changeRun(workload, runId, (now) => releaseSent(now, sentAt));
  const holds = await releaseAll(run.window.holds, runId, budgetMs);
  const at = new Date().toISOString();
  const learnt = (now: Run) => holdsLearnt(now, holds, at) ?? now;
  const isFree = holds.every(({ state }) => state === 'free');
  return isFree ? whenFree(learnt) : changeRun(workload, runId, learnt);
}
