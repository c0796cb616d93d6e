/** Writes down what is about to be held still and until when at the latest, before it is: after a crash, settle and the guards know. */
import * as z from 'zod/mini';
import { invariantBroken } from '#domain/faults.ts';
import { quiesceSeconds } from '#domain/quiesce-seconds.ts';
import type { RunPlan, Window } from '#domain/run.ts';
import { changeRun } from '#ledger/runs.ts';
import { step } from '#platform/step.ts';

export const input = z.object({ workload: z.string(), runId: z.string() });
type Input = z.infer<typeof input>;

export async function recordIntent({ workload, runId }: Input): Promise<Window> {
  const now = Date.now();
  const run = await changeRun(workload, runId, (run) => {
    if (run.state !== 'planning' || run.plan === undefined) return undefined;
    return { ...run, state: 'holding', window: windowFrom(run.plan, now) };
  });
  // An earlier attempt of this very step may have written it; nothing was held by it yet.
  if (run?.state !== 'holding' || run.window === undefined || run.window.releaseSentAt !== undefined) {
    throw invariantBroken(
      `The run ${runId} is ${run?.state ?? 'not in the ledger'}, so nothing may be held still for it.`,
    );
  }
  return run.window;
}

function windowFrom(plan: RunPlan, nowMs: number): Window {
  const longest = Math.max(0, ...plan.hooks.map(({ deadlineSeconds }) => deadlineSeconds));
  return {
    intendedAt: new Date(nowMs).toISOString(),
    deadlineAt: new Date(nowMs + (quiesceSeconds(plan) + longest) * 1000).toISOString(),
    holds: plan.hooks.map((hook) => ({ hook, state: 'intended' })),
    attemptedTiers: [],
  };
}

export const handler = step('record-intent', input, recordIntent);
