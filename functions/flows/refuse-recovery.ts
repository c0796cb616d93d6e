/** A recovery that was never begun: the lease goes back, and people are told why. Nothing was changed. */
import { recoveryRefused } from '#domain/mail/recovery-mails.ts';
import type { RecoveryRequest } from '#domain/recovery.ts';
import { aboutWorkload } from '#ledger/about-workload.ts';
import { dropLease } from '#ledger/lease.ts';
import { oweFailureMail } from '#ledger/notices.ts';
import { workloadOrRemoved } from '#platform/deployed-policy.ts';
import { wakeReport } from '#platform/wake-report.ts';

/** @param why one reason a line */
export async function refuseRecovery(id: string, request: RecoveryRequest, why: string): Promise<void> {
  const { workload } = request;
  await dropLease(workload, id);
  const about = { ...(await aboutWorkload(workloadOrRemoved(workload))), request, refusals: why.split('\n') };
  await oweFailureMail(workload, `recovery/${id}/refused`, recoveryRefused(about));
  await wakeReport();
}
