/**
 * The second guard: an execution that failed, timed out or was aborted. No Catch runs for the latter two, so the release and
 * the roll back that the machine would have done are done, or started, here. Of a recovery whose end is in the ledger, what
 * follows that is made sure of: the lease goes back, and the mail is owed.
 * https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
import * as z from 'zod/mini';
import { hasEnded } from '#domain/recovery-progress.ts';
import { closeRun } from '#flows/close-run.ts';
import { endAgain } from '#flows/end-recovery.ts';
import { refuseRecovery } from '#flows/refuse-recovery.ts';
import { releaseRun } from '#flows/release-run.ts';
import { startUndo } from '#flows/start-undo.ts';
import { readLease } from '#ledger/lease.ts';
import { readRecovery } from '#ledger/recoveries.ts';
import { environment } from '#platform/environment.ts';
import { logger } from '#platform/logger.ts';
import { step } from '#platform/step.ts';

export const input = z.object({
  detail: z.object({
    stateMachineArn: z.string(),
    name: z.string(),
    status: z.string(),
    input: z.optional(z.nullable(z.string())),
  }),
});
type Detail = z.infer<typeof input>['detail'];

const word = z.catch(z.optional(z.string()), undefined);
/** What an execution was begun with, by anybody; EventBridge leaves out what is too long for an event. */
const begunWith = z.catch(
  z.object({
    workload: word,
    rollBack: z.catch(z.optional(z.object({ workload: word, recoveryId: word })), undefined),
  }),
  { workload: undefined, rollBack: undefined },
);
const inputOf = ({ input: text }: Detail) => begunWith.parse(JSON.parse(text ?? '{}'));

export async function guardExecution({ detail }: { readonly detail: Detail }): Promise<void> {
  if (detail.stateMachineArn === environment.protectMachine()) return guardRun(detail);
  if (detail.stateMachineArn === environment.recoverMachine()) return guardRecovery(detail);
  logger.warn(`An event of another state machine reached the guard: ${detail.stateMachineArn}`);
}

async function guardRun(detail: Detail): Promise<void> {
  const { name: runId, status } = detail;
  const { workload } = inputOf(detail);
  if (workload === undefined) return logger.warn(`The execution ${runId} has no workload in its input.`);
  await releaseRun(workload, runId);
  await closeRun(workload, runId, {
    name: `Execution.${status}`,
    message: `The execution ${runId} ended as ${status} before its window was closed.`,
    phase: 'the execution itself',
  });
}

async function guardRecovery(detail: Detail): Promise<void> {
  const { rollBack, ...asked } = inputOf(detail);
  const workload = rollBack?.workload ?? asked.workload;
  const recoveryId = rollBack?.recoveryId ?? detail.name;
  if (workload === undefined) return;
  const recovery = await readRecovery(workload, recoveryId);
  if (recovery === undefined) return freeUnplanned(workload, recoveryId, detail.status);
  if (hasEnded(recovery)) await endAgain(recovery);
  else await startUndo(recovery);
}

/** Planning had taken the workload, and was broken off before there was a record, which sweeps would find. */
async function freeUnplanned(workload: string, recoveryId: string, status: string): Promise<void> {
  if ((await readLease(workload))?.holder !== recoveryId) return;
  const why = `Its execution ended as ${status} while it was planned.`;
  await refuseRecovery(recoveryId, { workload }, why);
}

export const handler = step('guard-execution', input, guardExecution);
