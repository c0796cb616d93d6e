/**
 * Lets the workload go, always, and then closes the window. Not confirmed is a failure, so that the machine tries again; the alarm
 * waits until the deadline is past, since what the next try mends is not worth waking anybody.
 */
import * as z from 'zod/mini';
import { transientFault } from '#domain/faults.ts';
import type { Run } from '#domain/run.ts';
import { alarmUnconfirmed, isPastDeadline } from '#flows/alarm-unconfirmed.ts';
import { closeRun } from '#flows/close-run.ts';
import { caughtInWindow, closeWindow, earlyEnd } from '#flows/close-window.ts';
import { releaseRun } from '#flows/release-run.ts';
import { step } from '#platform/step.ts';

export const input = z.object({
  workload: z.string(),
  runId: z.string(),
  /** False after a failed quiesce: the run may go on. */
  closes: z._default(z.boolean(), true),
  ...caughtInWindow,
});
type Input = z.infer<typeof input>;

export interface Output {
  readonly released: true;
}

/**
 * @throws TransientFault when a guest has not confirmed
 * @throws RunFailed once all is released, and the failure is in the ledger
 */
export async function release({ workload, runId, closes, ...caught }: Input): Promise<Output> {
  const why = earlyEnd(caught);
  const close = (learnt: (run: Run) => Run) => closeRun(workload, runId, why, learnt);
  const run = await releaseRun(workload, runId, closes ? close : undefined);
  const held = (run?.window?.holds ?? []).filter(({ state }) => state !== 'free');
  if (held.length > 0) {
    if (run !== undefined && isPastDeadline(run, Date.now())) alarmUnconfirmed();
    const words = held.map(
      ({ hook, problem }) => `${hook.instanceId}: the ${hook.kind} hook's release is not confirmed: ${problem}`,
    );
    throw transientFault(words.join('\n'));
  }
  if (closes) await closeWindow(workload, runId, why);
  return { released: true };
}

export const handler = step('release', input, release);
