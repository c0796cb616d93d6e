/**
 * Asks, and advances every open run: seals what is complete, fails what broke, releases what is overdue, and takes up
 * recoveries whose execution is gone. Level-triggered: it reads the ledger and AWS, never the event that woke it, so a lost,
 * late or double event changes nothing.
 */
import * as z from 'zod/mini';
import type { Run } from '#domain/run.ts';
import { closeRun } from '#flows/close-run.ts';
import { releaseRun } from '#flows/release-run.ts';
import { settleRun } from '#flows/settle-run.ts';
import { startUndo } from '#flows/start-undo.ts';
import { openRecoveries } from '#ledger/recoveries.ts';
import { openRuns } from '#ledger/runs.ts';
import { asFault } from '#platform/aws-errors.ts';
import { environment } from '#platform/environment.ts';
import { executionState } from '#platform/executions.ts';
import { logger } from '#platform/logger.ts';
import { step } from '#platform/step.ts';
import { wakeReport } from '#platform/wake-report.ts';

/** Whatever the rule or the event carries: it is not read. */
export const input = z.unknown();

export interface Output {
  readonly runs: number;
  readonly recoveries: number;
}

/** An execution that was just asked for may not be visible yet. */
const youngMs = 120_000;
/** What the machine itself may take to release, beyond the window's deadline. */
const graceMs = 60_000;

/**
 * @throws the first Fault, once all the others have been settled all the same: the function's errors are what its alarm counts.
 * What passes by itself (a throttle, say) is the next sweep's; should it not pass, `watch` tells of the run that is late
 */
export async function settle(): Promise<Output> {
  const [runs, recoveries] = [await openRuns(), await openRecoveries()];
  const outcomes = await Promise.allSettled([
    ...runs.map((run) => advance(run)),
    ...recoveries.map(async ({ startedAt, ...recovery }) => {
      const isLost = !isYoung(startedAt) && !(await isRunning(environment.recoverMachine(), recovery.id));
      if (isLost) await startUndo({ startedAt, ...recovery });
    }),
  ]);
  const faults = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [asFault(outcome.reason, 'settling')] : [],
  );
  for (const fault of faults) logger.warn(fault.message);
  if (runs.length > 0) await wakeReport();
  const lasting = faults.find(({ name }) => name !== 'TransientFault');
  if (lasting !== undefined) throw lasting;
  return { runs: runs.length, recoveries: recoveries.length };
}

async function advance(run: Run): Promise<void> {
  if (run.state === 'planning' || run.state === 'holding') return takeUp(run);
  await settleRun((await releaseRun(run.workload, run.id)) ?? run);
}

/** The third guard: the window is overdue, or its execution is gone. */
async function takeUp(run: Run): Promise<void> {
  const isOverdue = run.window !== undefined && Date.now() > Date.parse(run.window.deadlineAt) + graceMs;
  const isLost = !isYoung(run.startedAt) && !(await isRunning(environment.protectMachine(), run.id));
  if (isOverdue || isLost) await releaseRun(run.workload, run.id);
  if (!isLost) return;
  const message = `The execution ${run.id} ended, or never began, without closing its window.`;
  await closeRun(run.workload, run.id, { name: 'ExecutionLost', message, phase: 'the execution itself' });
}

const isYoung = (startedAt: string): boolean => Date.now() - Date.parse(startedAt) < youngMs;

const isRunning = async (machineArn: string, name: string): Promise<boolean> =>
  (await executionState(machineArn, name)) === 'running';

export const handler = step('settle', input, settle);
