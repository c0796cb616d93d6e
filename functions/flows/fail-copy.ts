/** A point's copy in another Region that cannot become whole, or is so no more: told once. */
import { copyFailed } from '#domain/mail/copy-mails.ts';
import type { CopiedPoint } from '#domain/point-copy.ts';
import { aboutWorkload } from '#ledger/about-workload.ts';
import { oweFailureMail } from '#ledger/notices.ts';
import { changePoint } from '#ledger/points.ts';
import { workloadOrRemoved } from '#platform/deployed-policy.ts';
import { wakeReport } from '#platform/wake-report.ts';

/** Owed before it is written down: what has failed is not looked at again. */
export async function failCopy(point: CopiedPoint, problem: string): Promise<void> {
  const { workload, id, copy } = point;
  const about = await aboutWorkload(workloadOrRemoved(workload));
  const at = new Date(about.nowMs).toISOString();
  const mail = copyFailed({ ...about, point, problem });
  const what = copy.wholeAt === undefined ? 'failed' : 'lost';
  await oweFailureMail(workload, `point/${id}/copy/${what}`, mail, at);
  await changePoint(workload, id, (now) =>
    now.copy === undefined || now.copy.state !== copy.state
      ? undefined
      : { ...now, copy: { ...now.copy, state: 'failed', failure: { problem, at } } },
  );
  await wakeReport();
}
