/** Whether what was whole in another Region is so still: snapshots are deleted there as here. */
import { type CopiedPoint, copiesOf } from '#domain/point-copy.ts';
import type { Workload } from '#domain/policy.ts';
import { livePoints } from '#domain/retention.ts';
import { pointsOf } from '#ledger/points.ts';
import { failCopy } from './fail-copy.ts';
import { type CopiesSeen, lookAtCopies } from './look-at-copies.ts';

/**
 * Looks for every part of every whole copy of these workloads' points, in pages; one that has lost a part is told of, and counts no more.
 * @throws the first error, once every Region has been asked
 */
export async function checkCopies(workloads: readonly Workload[]): Promise<void> {
  const points = (await Promise.all(workloads.map(wholeOf))).flat();
  const regions = Map.groupBy(points, ({ copy }) => copy.region);
  const looks = await Promise.allSettled([...regions].map(([region, some]) => checkRegion(region, some)));
  for (const look of looks) if (look.status === 'rejected') throw look.reason;
}

async function wholeOf({ name, copyTo }: Workload): Promise<readonly CopiedPoint[]> {
  if (copyTo === undefined) return [];
  const points = await pointsOf(name);
  const whole = new Set(livePoints(copiesOf(points, copyTo)).map(({ id }) => id));
  return points.flatMap((point) => (point.copy && whole.has(point.id) ? [{ ...point, copy: point.copy }] : []));
}

async function checkRegion(region: string, points: readonly CopiedPoint[]): Promise<void> {
  const seen = await lookAtCopies(region, points);
  for (const point of points) {
    const lost = lostOf(point, seen);
    if (lost.length > 0) await failCopy(point, lost.join('; '));
  }
}

/** A sentence for each part of it that is not complete there. */
export const lostOf = ({ copy }: CopiedPoint, seen: CopiesSeen): readonly string[] =>
  copy.parts.flatMap(({ of, id }) => {
    const found = seen.get(of)?.find((copied) => copied.id === id);
    return found?.state === 'completed' ? [] : [`${id}, copy of ${of}, is ${found?.state ?? 'gone'}`];
  });
