/** Copies of points in another Region whose time is over, or that never became whole: all of a point together, by the rules of points. */
import type { Fault } from '#domain/faults.ts';
import type { Point } from '#domain/point.ts';
import { type CopiedPoint, copiesOf } from '#domain/point-copy.ts';
import type { CopyTo, Workload } from '#domain/policy.ts';
import { planRetire } from '#domain/retention.ts';
import { changePoint, pointsOf } from '#ledger/points.ts';
import { asFault } from '#platform/aws-errors.ts';
import { logger } from '#platform/logger.ts';
import { copierOf } from '#providers/copiers.ts';
import { lookAtCopies } from './look-at-copies.ts';
import { isCopyDue, spareCopies } from './spare-copies.ts';
import { tellRetireBlocked } from './tell-retire-blocked.ts';

/** What was asked for so lately may not show yet. */
const settledAfterMs = 600_000;

/**
 * Intent is in the ledger before the first deletion, as with points. What is in a Region that the policy no longer names is left alone: the role
 * may do nothing there.
 * @param known all points of the workload
 * @param untilMs after which no deletion is begun
 * @returns what became of each copy that was due
 */
export async function retireCopies(
  workload: Workload,
  known: readonly Point[],
  untilMs: number,
): Promise<readonly ('retired' | 'blocked')[]> {
  const { copyTo } = workload;
  if (copyTo === undefined) return [];
  const points = await spareCopies(workload.name, copyTo, known);
  const goes = [
    ...expired(points, copyTo),
    ...points.flatMap((point) => (isUseless(point, copyTo) ? [useless(point)] : [])),
  ];
  const plannedAt = new Date().toISOString();
  for (const { id, reason } of goes) {
    logger.info(`${workload.name}: the copy of ${id} in ${copyTo.region} is to be retired: ${reason}`);
    await changePoint(workload.name, id, (now) =>
      now.copy === undefined || now.copy.retire
        ? undefined
        : { ...now, copy: { ...now.copy, retire: { reason, plannedAt } } },
    );
  }
  const due = (goes.length === 0 ? points : await pointsOf(workload.name)).filter((point) => isCopyDue(point, copyTo));
  const ends: ('retired' | 'blocked')[] = [];
  for (const point of due) if (Date.now() < untilMs) ends.push(await retireCopy(workload, point));
  return ends;
}

const expired = (points: readonly Point[], copyTo: CopyTo) =>
  planRetire(copiesOf(points, copyTo), copyTo.retention, Date.now(), new Set()).retire.map(({ point, reason }) => ({
    ...{ id: point.id, reason },
  }));

/** It never became whole, and nothing more of it is asked for. */
function isUseless({ copy }: Point, { region }: CopyTo): boolean {
  if (copy?.state !== 'failed' || copy.wholeAt !== undefined || copy.region !== region || copy.retire) return false;
  return Date.now() - Date.parse(copy.failure?.at ?? '') > settledAfterMs;
}

const useless = ({ id }: Point) => ({ id, reason: 'never whole' });

/** By the tags, which know also what the ledger never learnt of. */
async function retireCopy(workload: Workload, point: CopiedPoint): Promise<'retired' | 'blocked'> {
  const { region } = point.copy;
  const problems: Fault[] = [];
  const seen = await lookAtCopies(region, [point]);
  for (const { kind, of } of point.copy.parts) {
    for (const { id } of seen.get(of) ?? []) {
      const discarded = copierOf(kind).discard(region, id);
      await discarded.catch((error: unknown) => problems.push(asFault(error, `deleting ${id} in ${region}`)));
    }
  }
  if (problems.length > 0) {
    const [copied = point] = copiesOf([point], point.copy);
    await tellRetireBlocked(workload, copied, problems, `point/${point.id}/copy`);
    return 'blocked';
  }
  const doneAt = new Date().toISOString();
  await changePoint(
    workload.name,
    point.id,
    (now) => now.copy?.retire && { ...now, copy: { ...now.copy, retire: { ...now.copy.retire, doneAt } } },
  );
  return 'retired';
}
