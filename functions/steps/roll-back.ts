/** Brings back what was there before a recovery, from whatever state it is in. Called until done. */
import * as z from 'zod/mini';
import type { Recovery, RecoveryState } from '#domain/recovery.ts';
import { enter, withFailure } from '#domain/recovery-progress.ts';
import type { Failure } from '#domain/run.ts';
import { type Progress, type RecoveryKey, runStage } from '#flows/advance-recovery.ts';
import { endCommitted, endRolledBack } from '#flows/end-recovery.ts';
import { refuseRecovery } from '#flows/refuse-recovery.ts';
import { dropLease } from '#ledger/lease.ts';
import { changeRecovery } from '#ledger/recoveries.ts';
import { caughtFailure, caughtSchema } from '#platform/caught.ts';
import { step } from '#platform/step.ts';

export const input = z.object({
  workload: z.string(),
  recoveryId: z.string(),
  /** Absent when the guard asks: then the execution is gone, and nothing was caught. */
  failure: z.optional(caughtSchema),
});
type Input = z.infer<typeof input>;

export interface Output extends Progress {
  /** `committed`: it was past the point of no return, so there is nothing to undo. `missing`: nothing was ever begun. */
  readonly state: RecoveryState | 'missing';
  readonly failure?: Input['failure'];
}

/**
 * A phase whose execution was aborted, or whose step timed out, may still be running for as long as its function may: it
 * could make one more call after we have looked. So the roll back keeps still for that long first.
 */
const quietMs = 60_000;
/** What one invocation waits of it. */
const patienceMs = 30_000;

export async function rollBack({ workload, recoveryId, failure }: Input): Promise<Output> {
  const key = { workload, recoveryId };
  const carried = failure === undefined ? {} : { failure };
  const recovery = await changeRecovery(workload, recoveryId, (now) => onTheWayBack(now, failure));
  if (recovery?.state === 'committed') await endCommitted(key);
  if (recovery?.state === 'rolled-back') await endRolledBack(key);
  if (recovery === undefined) await neverBegun(key, failure);
  if (recovery?.state !== 'rolling-back')
    return { ...key, ...carried, done: true, state: recovery?.state ?? 'missing' };

  const done = !(await keepStill(recovery)) && (await runStage(recovery, 'roll-back', 'finish the others'));
  if (done) await endRolledBack(key);
  return { ...key, ...carried, done, state: done ? 'rolled-back' : recovery.state };
}

/** Planning failed for another reason than a refusal (denied, AWS's own trouble): nothing was written, so nothing is undone. */
async function neverBegun({ workload, recoveryId }: RecoveryKey, failure: Input['failure']): Promise<void> {
  if (failure === undefined) return dropLease(workload, recoveryId);
  await refuseRecovery(recoveryId, { workload }, caughtFailure(failure, 'planning').message);
}

/** A stranded recovery may be tried again: what was in the way may be gone. */
function onTheWayBack(recovery: Recovery, caught: Input['failure']): Recovery | undefined {
  if (['committed', 'rolled-back', 'refused'].includes(recovery.state)) return undefined;
  const failure: Failure =
    caught === undefined
      ? { name: 'ExecutionEnded', message: 'Its execution was aborted, timed out, or failed.', phase: recovery.state }
      : caughtFailure(caught, recovery.state);
  return enter(withFailure(recovery, failure), 'roll-back', new Date().toISOString());
}

/** True when it waited, and the caller should come again. */
async function keepStill({ failure, phases }: Recovery): Promise<boolean> {
  const mayStillRun = ['ExecutionEnded', 'States.Timeout', 'Sandbox.Timedout'].includes(failure?.name ?? '');
  const since = phases.findLast(({ phase }) => phase === 'roll-back')?.startedAt;
  const leftMs = since === undefined || !mayStillRun ? 0 : Date.parse(since) + quietMs - Date.now();
  if (leftMs <= 0) return false;
  await new Promise<void>((resolve) => setTimeout(resolve, Math.min(leftMs, patienceMs)));
  return true;
}

export const handler = step('roll-back', input, rollBack);
