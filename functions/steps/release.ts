/** Lets the workload go, always. Not confirmed is a failure, so that the machine tries again. */
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import * as z from 'zod/mini';
import { transientFault } from '#domain/faults.ts';
import { releaseRun } from '#flows/release-run.ts';
import { metrics } from '#platform/metrics.ts';
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
  metrics.addMetric('ReleaseUnconfirmed', MetricUnit.Count, held.length);
  const words = held.map(
    ({ hook, problem }) => `${hook.instanceId}: the ${hook.kind} hook's release is not confirmed: ${problem}`,
  );
  throw transientFault(words.join('\n'));
}

export const handler = step('release', input, release);
