/**
 * Lets the workload go, always. Not confirmed is a failure, so that the machine tries again; the alarm waits until the deadline
 * is past, since what the next try mends is not worth waking anybody.
 */
import * as z from 'zod/mini';
import { transientFault } from '#domain/faults.ts';
import { alarmUnconfirmed, isPastDeadline } from '#flows/alarm-unconfirmed.ts';
import { releaseRun } from '#flows/release-run.ts';
import { step } from '#platform/step.ts';

export const input = z.object({ workload: z.string(), runId: z.string() });
type Input = z.infer<typeof input>;

export interface Output {
  readonly released: true;
}

export async function release({ workload, runId }: Input): Promise<Output> {
  const run = await releaseRun(workload, runId);
  const held = (run?.window?.holds ?? []).filter(({ state }) => state !== 'free');
  if (held.length === 0) return { released: true };
  if (run !== undefined && isPastDeadline(run, Date.now())) alarmUnconfirmed();
  const words = held.map(
    ({ hook, problem }) => `${hook.instanceId}: the ${hook.kind} hook's release is not confirmed: ${problem}`,
  );
  throw transientFault(words.join('\n'));
}

export const handler = step('release', input, release);
