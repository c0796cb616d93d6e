/** Points whose deletion was planned and is not done, when what was true then is so no more. */
import type { Point } from '#domain/point.ts';
import type { Workload } from '#domain/policy.ts';
import { planRetire } from '#domain/retention.ts';
import { changePoint, pointsOf } from '#ledger/points.ts';
import { logger } from '#platform/logger.ts';
import { checkPoints, isWhole } from './check-points.ts';

/** Planned to be retired, and not done. */
export const isDue = ({ retire }: Point): boolean => retire !== undefined && retire.doneAt === undefined;

/**
 * Takes back what the policy as it is now keeps: its retention may have been raised since the plan, or those that were to stay have been deleted.
 * What has lost a part meanwhile can be recovered no more, and stays as long as the policy keeps any broken point.
 * @param points all of the workload, as AWS has them
 * @returns them as they are then
 * @throws what AWS throws where it does not tell whether a point is whole: nothing is taken back then
 */
export async function sparePoints(workload: Workload, points: readonly Point[]): Promise<readonly Point[]> {
  const { name, retention } = workload;
  const due = new Set(points.filter(isDue).map(({ id }) => id));
  if (due.size === 0) return points;
  const judged = await Promise.all(points.map((point) => (due.has(point.id) ? asUnplanned(point) : point)));
  const spared = planRetire(judged, retention, Date.now(), new Set()).keep.filter(({ point }) => due.has(point.id));
  for (const { point, reason } of spared) {
    logger.info(`${point.id} was to be retired, and is not: ${reason}`);
    await changePoint(name, point.id, ({ retire: _, ...now }) => now);
  }
  const ids = new Set(spared.map(({ point }) => point.id));
  // Of one that has lost a part somebody is told now: what has a part planned away is not looked at day by day.
  await checkPoints([workload], ({ id }) => ids.has(id));
  return ids.size === 0 ? points : pointsOf(name);
}

/** As a plan of now would find it. */
async function asUnplanned({ retire: _, ...point }: Point): Promise<Point> {
  if (point.broken !== undefined || (await isWhole(point))) return point;
  return { ...point, broken: { problem: 'a part of it is gone', at: new Date().toISOString() } };
}
