/** The last step of a run's window, whatever came before it: in the ledger first; a run that failed then fails its execution. */
import * as z from 'zod/mini';
import { runHasFailed } from '#domain/faults.ts';
import type { Failure } from '#domain/run.ts';
import { closeRun } from '#flows/close-run.ts';
import { caughtFailure, caughtSchema } from '#platform/caught.ts';
import { step } from '#platform/step.ts';

export const input = z.object({
  workload: z.string(),
  runId: z.string(),
  failure: z.optional(caughtSchema),
  quiesceFailure: z.optional(caughtSchema),
});
type Input = z.infer<typeof input>;

export interface Output {
  /** The run was handed over to settle, which may even have sealed it. */
  readonly handedOver: true;
}

/** @throws RunFailed once the failure is in the ledger: the execution ends as failed, which the guard rule hears */
export async function closeWindow({ workload, runId, failure, quiesceFailure }: Input): Promise<Output> {
  const run = await closeRun(workload, runId, reason(failure, quiesceFailure));
  if (run?.state === 'settling' || run?.state === 'sealed') return { handedOver: true };
  throw runHasFailed(`The run ${runId} is ${run?.state ?? 'not in the ledger'}: it did not reach its recovery point.`);
}

function reason(failure: Input['failure'], quiesceFailure: Input['quiesceFailure']): Failure | undefined {
  if (failure !== undefined) return caughtFailure(failure, 'planning or beginning the artifacts');
  return quiesceFailure && caughtFailure(quiesceFailure, 'quiescing');
}

export const handler = step('close-window', input, closeWindow);
