import { invariantBroken } from './faults.ts';
import type { Run, RunPlan, Window } from './run.ts';

/** A run whose window is open. */
export interface HoldingRun extends Run {
  readonly plan: RunPlan;
  readonly window: Window;
}

/** @throws InvariantBroken when its window is not open, or not any more */
export function holding(run: Run | undefined, runId: string): HoldingRun {
  if (run?.state === 'holding' && run.plan !== undefined && run.window !== undefined) {
    return { ...run, plan: run.plan, window: run.window };
  }
  throw invariantBroken(
    `The run ${runId} is ${run?.state ?? 'not in the ledger'}, so no artifact may be begun for it.`,
  );
}
