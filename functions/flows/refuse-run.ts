/** A run that is not begun, because something else of its workload is under way, or too late: told by mail, and kept as refused. */
import { runRefused } from '#domain/mail/run-mails.ts';
import type { Run } from '#domain/run.ts';
import { aboutWorkload } from '#ledger/about-workload.ts';
import type { Lease } from '#ledger/lease.ts';
import { oweFailureMail } from '#ledger/notices.ts';
import { changeRun, createRun } from '#ledger/runs.ts';
import { workloadOrRemoved } from '#platform/deployed-policy.ts';
import { wakeReport } from '#platform/wake-report.ts';

/** @param run one that waits, or one that the ledger does not know yet. The mail first: a refused run is not looked at again */
export async function refuseRun(run: Run, why: string, cause: 'busy' | 'late' = 'busy'): Promise<void> {
  const { id, workload, scheduledAt } = run;
  const endedAt = new Date().toISOString();
  const mail = runRefused({ ...(await aboutWorkload(workloadOrRemoved(workload))), scheduledAt, reason: why, cause });
  await oweFailureMail(workload, `run/${id}/refused`, mail, endedAt);
  const refused = (now: Run): Run => ({
    ...now,
    state: 'refused',
    failure: { name: cause === 'late' ? 'TooLate' : 'BusyFault', message: why, phase: 'begin-run' },
    endedAt,
  });
  const known = await createRun(refused(run));
  if (known !== undefined) await changeRun(workload, id, (now) => (now.state === 'waiting' ? refused(now) : undefined));
  await wakeReport();
}

export const heldBy = (workload: string, { kind, holder, takenAt }: Lease): string =>
  `The ${kind} ${holder} has held ${workload} since ${takenAt}.`;
