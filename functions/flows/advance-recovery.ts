/** One call of one stage of a recovery: the record says which, every target takes part at the same time, what they learn is saved. */
import { isDeepStrictEqual } from 'node:util';
import { invariantBroken } from '#domain/faults.ts';
import type { Recovery, RecoveryPhase, RecoveryTarget } from '#domain/recovery.ts';
import { enter, isForward, leave, type Stage, withTargets } from '#domain/recovery-progress.ts';
import { changeRecovery } from '#ledger/recoveries.ts';
import { asFault } from '#platform/aws-errors.ts';
import { logger } from '#platform/logger.ts';
import type { PhaseResult } from '#providers/restorer.ts';
import { restorerOf } from '#providers/restorers.ts';

export interface RecoveryKey {
  readonly workload: string;
  readonly recoveryId: string;
}

/** What the state machine carries: `done` false means that the same step is worth calling again. */
export interface Progress extends RecoveryKey {
  readonly done: boolean;
}

/** @throws InvariantBroken when the recovery is over or on its way back: a phase that comes too late must not act */
export async function advanceRecovery(phase: RecoveryPhase, key: RecoveryKey): Promise<Progress> {
  const recovery = await changeRecovery(key.workload, key.recoveryId, (now) =>
    isForward(now) ? enter(now, phase, new Date().toISOString()) : undefined,
  );
  if (recovery === undefined || !isForward(recovery)) {
    throw invariantBroken(
      `The recovery ${key.recoveryId} is ${recovery?.state ?? 'not in the ledger'}; ${phase} comes too late.`,
    );
  }
  const done = await runStage(recovery, phase, 'throw at once');
  return { ...key, done };
}

/**
 * Runs a stage on all targets and saves what each learnt, also when another fails.
 * @param onFailure what to do while some targets are still under way: a phase fails at once; a roll back brings the others home first
 */
export async function runStage(
  recovery: Recovery,
  stage: Stage,
  onFailure: 'throw at once' | 'finish the others',
): Promise<boolean> {
  const { targets } = recovery.plan;
  const open = targets.filter(({ doneIn }) => doneIn !== stage);
  // What was done by an earlier call is left alone, and looked at once more when all the others are done, too.
  const chosen = open.length === 0 ? targets : open;
  const call = stage === 'roll-back' ? 'rollBack' : stage;
  const results = await Promise.allSettled(
    chosen.map(async (target) => restorerOf(target.kind)[call](target, recovery)),
  );
  const answers = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const faults = results.flatMap((result) => (result.status === 'rejected' ? [asFault(result.reason, stage)] : []));
  const areAllDone = faults.length === 0 && answers.every((answer) => answer.done);
  const done = areAllDone && chosen.length === targets.length;
  const learnt = answers.map((answer) => marked(answer, stage));
  // What goes on for hours is not written down again by each call.
  if (done || !isDeepStrictEqual(withTargets(recovery, learnt), recovery)) await save(recovery, stage, learnt, done);
  for (const fault of faults) logger.error(fault.message);
  const worst = faults.find(({ name }) => name !== 'TransientFault') ?? faults[0];
  const othersUnderWay = onFailure === 'finish the others' && answers.some((answer) => !answer.done);
  if (worst !== undefined && !othersUnderWay) throw worst;
  return done;
}

const save = ({ workload, id }: Recovery, stage: Stage, learnt: readonly RecoveryTarget[], done: boolean) =>
  changeRecovery(workload, id, (now) => {
    const known = withTargets(now, learnt);
    return done ? leave(known, stage, new Date().toISOString()) : known;
  });

function marked({ done, target: { doneIn: _, ...target } }: PhaseResult, stage: Stage): RecoveryTarget {
  return done ? { ...target, doneIn: stage } : target;
}
