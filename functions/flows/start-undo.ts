/** Starts the roll back of a recovery whose execution is gone: the same machine, entered at its roll back. */
import { recoveryStuck } from '#domain/mail/recovery-mails.ts';
import type { Recovery } from '#domain/recovery.ts';
import { hasEnded, leaseHours } from '#domain/recovery-progress.ts';
import { isStuck, undoneAgain, undoOf } from '#domain/undo-attempts.ts';
import { aboutWorkload } from '#ledger/about-workload.ts';
import { takeLease } from '#ledger/lease.ts';
import { oweFailureMail } from '#ledger/notices.ts';
import { changeRecovery } from '#ledger/recoveries.ts';
import { workloadOrRemoved } from '#platform/deployed-policy.ts';
import { environment } from '#platform/environment.ts';
import { executionArn, startExecution } from '#platform/executions.ts';
import { count } from '#platform/metrics.ts';
import { wakeReport } from '#platform/wake-report.ts';

/**
 * Begins the attempt that is due, unless it is under way; once it has ended without an outcome, the next. After the last that follows at
 * once a person is called, and the attempts go on at a slow pace.
 */
export async function startUndo(recovery: Recovery): Promise<void> {
  const { attempt, dueAt } = undoOf(recovery);
  if (isStuck(recovery) && !(await standsAlone(recovery))) return;
  if (Date.parse(dueAt) > Date.now() || (await isUnderWay(recovery))) return;
  if (isStuck(undoneAgain(recovery, Date.now()))) await callPerson(recovery);
  const next = await changeRecovery(recovery.workload, recovery.id, (now) =>
    hasEnded(now) || undoOf(now).attempt !== attempt ? undefined : undoneAgain(now, Date.now()),
  );
  if (next !== undefined && !hasEnded(next)) await startUndo(next);
}

const nameOf = (recovery: Recovery): string => `${recovery.id.slice(0, 70)}-undo-${undoOf(recovery).attempt}`;

const inputOf = ({ workload, id }: Recovery) => ({ rollBack: { workload, recoveryId: id } });

/** Begins the attempt where it has not begun; false: it has ended. */
async function isUnderWay(recovery: Recovery): Promise<boolean> {
  const outcome = await startExecution(environment.recoverMachine(), nameOf(recovery), inputOf(recovery));
  return outcome === 'started';
}

/**
 * Counted for the alarm RecoveryStuck, for as long as it lasts. Nothing may back up or recover a workload that is half built, so the lease
 * is taken anew where it has run out; what another has been brought to since is not undone under it.
 */
async function standsAlone({ workload, id }: Recovery): Promise<boolean> {
  count('RecoveryStuck');
  const takenAt = new Date().toISOString();
  const hours = leaseHours(workloadOrRemoved(workload));
  const untilAt = new Date(Date.parse(takenAt) + hours * 3_600_000).toISOString();
  return (await takeLease(workload, { holder: id, kind: 'recovery', takenAt, untilAt })).taken;
}

/** Owed before the next attempt is written down, after each that failed: it is told once. */
async function callPerson(recovery: Recovery): Promise<void> {
  const { workload, id } = recovery;
  const machine = environment.recoverMachine();
  const commands = {
    why: `aws stepfunctions get-execution-history --execution-arn ${executionArn(machine, nameOf(recovery))} --reverse-order --max-items 10`,
    again: `aws stepfunctions start-execution --state-machine-arn ${machine} --input '${JSON.stringify(inputOf(recovery))}'`,
  };
  const about = { ...(await aboutWorkload(workloadOrRemoved(workload))), recovery };
  const mail = recoveryStuck({ ...about, attempts: undoOf(recovery).attempt, commands });
  await oweFailureMail(workload, `recovery/${id}/stuck`, mail);
  await wakeReport();
}
