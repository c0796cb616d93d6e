import { lossesOf } from '#domain/lesser-point.ts';
import { pointLesser } from '#domain/mail/point-lesser.ts';
import type { Point } from '#domain/point.ts';
import type { Workload } from '#domain/policy.ts';
import { aboutWorkload } from '#ledger/about-workload.ts';
import { oweFailureMail } from '#ledger/notices.ts';
import { pointsOf } from '#ledger/points.ts';
import { wakeReport } from '#platform/wake-report.ts';

/** The newest, looked through for the one before: itself, and some that count no more. */
const lookedThrough = 6;

/** Tells, once, that a point which has just been sealed has less than the one before it. */
export async function tellLesser(workload: Workload, point: Point): Promise<void> {
  const losses = lossesOf(point, await pointsOf(workload.name, lookedThrough));
  if (losses === undefined) return;
  const mail = pointLesser({ ...(await aboutWorkload(workload)), point, losses });
  await oweFailureMail(workload.name, `point/${point.id}/lesser`, mail, point.sealedAt);
  await wakeReport();
}
