/**
 * Copies of sealed points in other Regions: begun, looked for, and given up after days. They are one set or none: only once all of a point are
 * complete do they say so. Whatever becomes of them, the point is whole.
 */

import { transientFault } from '#domain/faults.ts';
import { type CopiedPoint, type CopyPart, isCopying } from '#domain/point-copy.ts';
import { changePoint, readPoint } from '#ledger/points.ts';
import type { Unfinished } from '#ledger/unfinished.ts';
import { asFault, isDenied } from '#platform/aws-errors.ts';
import type { Copied } from '#providers/copier.ts';
import { copierOf } from '#providers/copiers.ts';
import { beginCopies } from './begin-copies.ts';
import { failCopy } from './fail-copy.ts';
import { type CopiesSeen, lookAtCopies } from './look-at-copies.ts';

/** What was asked for and does not show after so long was not made, or is gone. */
const visibleAfterMs = 300_000;
/** A first copy has all that is on the volumes, and goes through the network between two Regions. */
const giveUpMs = 3 * 86_400_000;

/**
 * Every point that is being copied, and then, as far as there is room, those that wait.
 * @throws the first error, once every Region has been looked at
 */
export async function followCopies({ copying, toCopy }: Pick<Unfinished, 'copying' | 'toCopy'>): Promise<void> {
  const points = (await Promise.all(copying.map(({ workload, pointId }) => readPoint(workload, pointId)))).filter(
    (point) => point !== undefined && isCopying(point),
  );
  const regions = Map.groupBy(points, ({ copy }) => copy.region);
  const followed = await Promise.allSettled([...regions].map(([region, some]) => followRegion(region, some)));
  const left = followed.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
  await beginCopies(left, toCopy);
  for (const each of followed) if (each.status === 'rejected') throw each.reason;
}

/** @returns those that are still under way */
async function followRegion(region: string, points: readonly CopiedPoint[]): Promise<readonly CopiedPoint[]> {
  const late = points.filter(isLate);
  for (const point of late) await failCopy(point, 'It was not complete three days after it was begun.');
  const others = points.filter((point) => !isLate(point));
  const seen = await lookAtCopies(region, others).catch((error: unknown) => {
    const fault = asFault(error, `looking for copies in ${region}`);
    // What was asked for may be there, though nobody may look: given up as what is late.
    throw isDenied(fault.cause) ? transientFault(fault.message, error) : fault;
  });
  const left: CopiedPoint[] = [];
  for (const point of others) left.push(...(await follow(point, seen)));
  return left;
}

const isLate = ({ copy }: CopiedPoint): boolean => Date.now() - Date.parse(copy.begunAt ?? '') > giveUpMs;

async function follow(point: CopiedPoint, seen: CopiesSeen): Promise<readonly CopiedPoint[]> {
  const now = await changePoint(point.workload, point.id, (stored) =>
    isCopying(stored) ? withSeen(stored, seen) : undefined,
  );
  if (now === undefined || !isCopying(now)) return [];
  const problems = now.copy.parts.flatMap((part) => problemOf(part, seen) ?? []);
  if (problems.length > 0) await failCopy(now, problems.join('; '));
  else if (now.copy.parts.every(({ isComplete }) => isComplete)) await conclude(now, seen);
  else return [now];
  return [];
}

function withSeen(point: CopiedPoint, seen: CopiesSeen): CopiedPoint {
  const { copy } = point;
  const parts = copy.parts.map((part) => partNow(part, seen));
  const isAsBefore = parts.every((part, index) => part === copy.parts[index]);
  return isAsBefore ? point : { ...point, copy: { ...copy, parts } };
}

/** Its own by id, or else the oldest: of what was asked for in vain, or delivered twice, nobody has the id. */
const foundOf = ({ of, id }: CopyPart, seen: CopiesSeen): Copied | undefined =>
  seen.get(of)?.find((copied) => id === undefined || copied.id === id);

/** As it is now; what was asked for and cannot have been made is to be asked for again. */
function partNow(part: CopyPart, seen: CopiesSeen): CopyPart {
  const { askedAt, ...rest } = part;
  const found = foundOf(part, seen);
  if (found === undefined) return isOverdue(part) && part.id === undefined ? rest : part;
  const isComplete = found.state === 'completed';
  if (part.id === found.id && (part.isComplete ?? false) === isComplete) return part;
  return { ...part, id: found.id, ...(isComplete ? { isComplete } : {}) };
}

const isOverdue = ({ askedAt }: CopyPart): boolean =>
  askedAt !== undefined && Date.now() - Date.parse(askedAt) > visibleAfterMs;

function problemOf(part: CopyPart, seen: CopiesSeen): string | undefined {
  const found = foundOf(part, seen);
  if (found?.state === 'error')
    return `${found.id}, copy of ${part.of}, is in error: ${found.problem ?? 'no reason given'}`;
  const isGone = part.id !== undefined && isOverdue(part) && (found === undefined || found.state === 'gone');
  return isGone ? `${part.id}, copy of ${part.of}, does not exist any more` : undefined;
}

/** Told by the copies before it is by the ledger: a set can be found without it. What was made twice is nobody's, and goes. */
async function conclude(point: CopiedPoint, seen: CopiesSeen): Promise<void> {
  const { region, parts } = point.copy;
  for (const { kind, of, id } of parts) {
    const surplus = (seen.get(of) ?? []).filter((copied) => copied.id !== id);
    for (const copied of surplus) await copierOf(kind).discard(region, copied.id);
  }
  for (const [kind, some] of Map.groupBy(parts, (part) => part.kind)) {
    await copierOf(kind).tellWhole(
      region,
      some.flatMap(({ id }) => id ?? []),
    );
  }
  const wholeAt = new Date().toISOString();
  await changePoint(point.workload, point.id, (now) =>
    isCopying(now) ? { ...now, copy: { ...now.copy, state: 'whole', wholeAt } } : undefined,
  );
}
