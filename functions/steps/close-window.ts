/** The last step of a run's window, whatever came before it. */
import * as z from 'zod/mini';
import type { Failure, RunState } from '#domain/run.ts';
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
  readonly state: RunState | 'missing';
}

export async function closeWindow({ workload, runId, failure, quiesceFailure }: Input): Promise<Output> {
  const run = await closeRun(workload, runId, reason(failure, quiesceFailure));
  return { state: run?.state ?? 'missing' };
}

function reason(failure: Input['failure'], quiesceFailure: Input['quiesceFailure']): Failure | undefined {
  if (failure !== undefined) return caughtFailure(failure, 'planning or beginning the artifacts');
  return quiesceFailure && caughtFailure(quiesceFailure, 'quiescing');
}

export const handler = step('close-window', input, closeWindow);
