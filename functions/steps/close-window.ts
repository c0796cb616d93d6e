/** Closes a window that Release could not close: because a guest has not confirmed, or because the run ends unheld. */
import * as z from 'zod/mini';
import { caughtInWindow, closeWindow as close, earlyEnd } from '#flows/close-window.ts';
import { step } from '#platform/step.ts';

export const input = z.object({ workload: z.string(), runId: z.string(), ...caughtInWindow });
type Input = z.infer<typeof input>;

export interface Output {
  /** The run is settle's now. */
  readonly handedOver: true;
}

/** @throws RunFailed once the failure is in the ledger: the execution ends as failed, which the guard rule hears */
export async function closeWindow({ workload, runId, ...caught }: Input): Promise<Output> {
  await close(workload, runId, earlyEnd(caught));
  return { handedOver: true };
}

export const handler = step('close-window', input, closeWindow);
