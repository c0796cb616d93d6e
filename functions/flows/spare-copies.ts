/** Copies in another Region whose deletion was planned and is not done, by what the policy keeps there now: as `spare-points.ts` does with points. */
import type { Point } from '#domain/point.ts';
import { type CopiedPoint, copiesOf } from '#domain/point-copy.ts';
import type { CopyTo } from '#domain/policy.ts';
import { planRetire } from '#domain/retention.ts';
import { changePoint, pointsOf } from '#ledger/points.ts';
import { logger } from '#platform/logger.ts';
import { lostOf } from './check-copies.ts';
import { failCopy } from './fail-copy.ts';
import { lookAtCopies } from './look-at-copies.ts';

/** Planned to be retired where the policy has its copies, and not done. */
export const isCopyDue = (point: Point, { region }: CopyTo): point is CopiedPoint =>
  point.copy?.region === region && point.copy.retire !== undefined && point.copy.retire.doneAt === undefined;

/**
 * @param points all of the workload
 * @returns them as they are then
 * @throws what AWS throws where it does not tell whether a copy is whole: nothing is taken back then, and nothing deleted
 */
export async function spareCopies(
  workload: string,
  copyTo: CopyTo,
  points: readonly Point[],
): Promise<readonly Point[]> {
  const due = points.filter((point) => isCopyDue(point, copyTo));
  if (due.length === 0) return points;
  const seen = await lookAtCopies(copyTo.region, due);
  const lost = new Map(due.map((point) => [point.id, lostOf(point, seen).join('; ')]));
  const judged = points.map((point) => (isCopyDue(point, copyTo) ? asUnplanned(point, lost.get(point.id)) : point));
  const { keep } = planRetire(copiesOf(judged, copyTo), copyTo.retention, Date.now(), new Set());
  const reasons = new Map(keep.map(({ point, reason }) => [point.id, reason]));
  const spared = due.filter(({ id }) => reasons.has(id));
  for (const point of spared) {
    logger.info(`the copy of ${point.id} in ${copyTo.region} was to be retired, and is not: ${reasons.get(point.id)}`);
    await changePoint(workload, point.id, (now) => now.copy && { ...now, copy: unplanned(now.copy) });
    const problem = lost.get(point.id);
    if (problem && point.copy.failure === undefined) await failCopy(point, problem);
  }
  return spared.length === 0 ? points : pointsOf(workload);
}

const unplanned = ({ retire: _, ...copy }: CopiedPoint['copy']): CopiedPoint['copy'] => copy;

/** As a plan of now would find it. */
function asUnplanned(point: CopiedPoint, problem: string | undefined): CopiedPoint {
  const copy = unplanned(point.copy);
  return { ...point, copy: problem ? { ...copy, failure: { problem, at: '' } } : copy };
}
