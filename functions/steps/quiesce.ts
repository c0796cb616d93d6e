/** Runs the hooks. Whatever happens, what is known of each hold is in the ledger before this ends. */
import * as z from 'zod/mini';
import { invariantBroken } from '#domain/faults.ts';
import { takesArtifacts } from '#domain/hook-proof.ts';
import { holdsLearnt } from '#domain/window-progress.ts';
import { quiesceAll } from '#hooks/quiesce-all.ts';
import { releaseLate } from '#hooks/release-late.ts';
import { changeRun, readRun } from '#ledger/runs.ts';
import { step } from '#platform/step.ts';

export const input = z.object({ workload: z.string(), runId: z.string(), quiesceTimeoutSeconds: z.number() });
type Input = z.infer<typeof input>;

/** Kept back from the state's time so that the outcome can be written. */
const reserveMs = 5000;

export async function quiesce({ workload, runId, quiesceTimeoutSeconds }: Input): Promise<{ readonly held: number }> {
  const run = await readRun(workload, runId);
  if (run?.state !== 'holding' || run.window === undefined) {
    throw invariantBroken(
      `The run ${runId} is ${run?.state ?? 'not in the ledger'}: nothing may be held still without recorded intent.`,
    );
  }
  // Those that cannot be asked are not tried; those that take the artifacts themselves are run by who begins these.
  const holds = run.window.holds.filter(({ quiesceProblem }) => quiesceProblem === undefined);
  const hooks = holds.map(({ hook }) => hook).filter(({ kind }) => !takesArtifacts(kind));
  const { holds: tried, failure } = await quiesceAll(hooks, runId, quiesceTimeoutSeconds * 1000 - reserveMs);
  const learnt = await changeRun(workload, runId, (now) => holdsLearnt(now, tried, new Date().toISOString()));
  if (learnt?.window?.releaseSentAt !== undefined) await releaseLate(hooks, runId, reserveMs);
  if (failure !== undefined) throw failure;
  return { held: tried.length };
}

export const handler = step('quiesce', input, quiesce);
