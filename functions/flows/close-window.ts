/** How the protect machine ends a run's window: in the ledger first; a run that failed then fails its execution. */
import * as z from 'zod/mini';
import { runHasFailed } from '#domain/faults.ts';
import type { Failure } from '#domain/run.ts';
import { caughtFailure, caughtSchema } from '#platform/caught.ts';
import { closeRun } from './close-run.ts';

/** What the machine's Catches have put down. */
export const caughtInWindow = { failure: z.optional(caughtSchema), quiesceFailure: z.optional(caughtSchema) };

const caught = z.object(caughtInWindow);
type Caught = z.infer<typeof caught>;

/** Why the window ended early, if it did. */
export function earlyEnd({ failure, quiesceFailure }: Caught): Failure | undefined {
  if (failure !== undefined) return caughtFailure(failure, 'planning or beginning the artifacts');
  return quiesceFailure && caughtFailure(quiesceFailure, 'quiescing');
}

/** @throws RunFailed once the failure is in the ledger: the execution ends as failed, which the guard rule hears */
export async function closeWindow(workload: string, runId: string, why: Failure | undefined): Promise<void> {
  const run = await closeRun(workload, runId, why);
  if (run?.state === 'settling' || run?.state === 'sealed') return;
  throw runHasFailed(`The run ${runId} is ${run?.state ?? 'not in the ledger'}: it did not reach its recovery point.`);
}
