/** The end of a run's window: its outcome goes into the ledger, the lease goes back, a failure's mail is owed at once. */
import { releaseUnconfirmed, runFailed } from '#domain/mail/run-mails.ts';
import type { Failure, Run } from '#domain/run.ts';
import { aboutWorkload } from '#ledger/about-workload.ts';
import { dropLease } from '#ledger/lease.ts';
import { oweFailureMail } from '#ledger/notices.ts';
import { freeSlots } from '#ledger/reservations.ts';
import { changeRun, isUnreleased, readRun } from '#ledger/runs.ts';
import { workloadOrRemoved } from '#platform/deployed-policy.ts';
import { wakeReport } from '#platform/wake-report.ts';
import { alarmUnconfirmed } from './alarm-unconfirmed.ts';

/**
 * The run ends last: until then the machine, the guard and settle's sweeps come back to it, so that neither a lease that could not be given
 * back nor a mail that could not be owed is lost. One that has ended stays as it is.
 * @param failure why the window ended early, if it did
 * @param learnt what is added to the record in the same write
 * @returns the run as it is afterwards
 */
export async function closeRun(
  workload: string,
  runId: string,
  failure?: Failure,
  learnt: (run: Run) => Run = (run) => run,
): Promise<Run | undefined> {
  const run = await readRun(workload, runId);
  const ended = run && closed(learnt(run), failure);
  if (ended === undefined) return changeRun(workload, runId, learnt);
  const isOwed = await followUp(ended);
  const now = await changeRun(workload, runId, (now) => closed(learnt(now), failure) ?? learnt(now));
  if (isOwed) await wakeReport();
  return now;
}

/** What follows from how the run ends; each can be repeated. Returns whether a mail is owed. */
async function followUp(run: Run): Promise<boolean> {
  await dropLease(run.workload, run.id);
  if (run.state === 'failed') await freeSlots(run.id);
  return oweMails(run);
}

/** A run whose artifacts are all begun goes on to settle, also when it is crash-consistent for want of a hook. Undefined: it is closed. */
function closed(run: Run, why: Failure | undefined): Run | undefined {
  if (run.state !== 'waiting' && run.state !== 'planning' && run.state !== 'holding') return undefined;
  if (isWhole(run)) return { ...run, state: 'settling' };
  const message = 'The window ended before every artifact was begun.';
  const failure = why ?? { name: 'InvariantBroken', message, phase: 'close-window' };
  return { ...run, state: 'failed', failure, endedAt: new Date().toISOString() };
}

const isWhole = ({ plan, artifacts }: Run): boolean =>
  plan !== undefined &&
  artifacts.length > 0 &&
  artifacts.length >= plan.members.reduce((sum, member) => sum + member.artifacts, 0);

async function oweMails(run: Run): Promise<boolean> {
  const isStillHeld = isUnreleased(run);
  if (run.state !== 'failed' && !isStillHeld) return false;
  const about = { ...(await aboutWorkload(workloadOrRemoved(run.workload))), run };
  if (run.state === 'failed') await oweFailureMail(run.workload, `run/${run.id}/failed`, runFailed(about));
  if (isStillHeld) {
    alarmUnconfirmed();
    await oweFailureMail(run.workload, `run/${run.id}/unreleased`, releaseUnconfirmed(about));
  }
  return true;
}
