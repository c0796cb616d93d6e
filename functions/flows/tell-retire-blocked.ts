import type { Fault } from '#domain/faults.ts';
import { retireBlocked } from '#domain/mail/retire-blocked.ts';
import type { Point } from '#domain/point.ts';
import type { Workload } from '#domain/policy.ts';
import { aboutWorkload } from '#ledger/about-workload.ts';
import { oweFailureMail } from '#ledger/notices.ts';
import { logger } from '#platform/logger.ts';

/**
 * What passes by itself is not worth a mail: the next sweep tries it again.
 * @param point with the artifacts that should go
 * @param what of it, for the mail's id: `point/<id>`, or its copy
 */
export async function tellRetireBlocked(
  workload: Workload,
  point: Point,
  problems: readonly Fault[],
  what = `point/${point.id}`,
): Promise<void> {
  for (const { message } of problems) logger.warn(`${what}: ${message}`);
  const lasting = problems.filter(({ name }) => name !== 'TransientFault');
  if (lasting.length === 0) return;
  const problem = lasting.map(({ message }) => message).join('; ');
  const mail = retireBlocked({ ...(await aboutWorkload(workload)), point, problem });
  await oweFailureMail(workload.name, `${what}/retire-blocked`, mail);
}
