/** Which points may go: a pure function, so that it can be printed, tested and trusted before anything is deleted. */
import { invariantBroken } from './faults.ts';
import type { Point } from './point.ts';
import type { Retention } from './policy.ts';
import { worth } from './verdict.ts';

const dayMs = 86_400_000;

export interface Judged {
  readonly point: Point;
  /** Half a sentence, for the printed plan and the mail. */
  readonly reason: string;
}

export interface RetirePlan {
  readonly retire: readonly Judged[];
  readonly keep: readonly Judged[];
}

const isSealed = (point: Point) => !Number.isNaN(Date.parse(point.sealedAt));

/** Sealed, and without a part by now; what is left of it is still there. */
export const isBroken = (point: Point): boolean =>
  point.retire === undefined && point.broken !== undefined && isSealed(point);

/** Points that can be recovered, newest first: sealed, whole, and not even planned to be retired. */
export const livePoints = (points: readonly Point[]): Point[] =>
  points
    .filter((point) => point.retire === undefined && point.broken === undefined && isSealed(point))
    .sort((one, other) => newestFirst(one.takenAt, other.takenAt) || newestFirst(one.id, other.id));

const newestFirst = (one: string, other: string) => (one < other ? 1 : one > other ? -1 : 0);

/** Whether its own times are in order. */
export const isTrusted = ({ contradictions = [] }: Point): boolean => contradictions.length === 0;

/** What an RPO is measured from, and what cannot count for it. */
export interface Newest {
  /** The newest that can be recovered and whose times are in order. */
  readonly newestPoint?: Point;
  /** Those that are newer, newest first: nobody knows of which moment they are. */
  readonly doubtful: readonly Point[];
}

/** @param points of one workload, in any order */
export function newestOf(points: readonly Point[]): Newest {
  const live = livePoints(points);
  const index = live.findIndex(isTrusted);
  const newestPoint = live[index];
  return newestPoint === undefined ? { doubtful: live } : { newestPoint, doubtful: live.slice(0, index) };
}

const worthOf = (point: Point): number => (isTrusted(point) ? worth[point.verdict.consistency] : -1);

/** The newest of the best consistency that any live point has: older than the newest when nights have gone half wrong since. */
function newestOfBest(live: readonly Point[]): Point | undefined {
  const best = Math.max(...live.map(worthOf));
  return live.find((point) => worthOf(point) === best);
}

/**
 * @param points all points of one workload, in any order; those already retired are left out of the plan and of every count
 * @param retention `days` counts from the moment the data is from (`takenAt`); `minimum` so many of the newest stay
 * @param inUse ids of points that a recovery reads, or that are being copied
 * @returns every point that is not retired once, newest first, with the reason why it stays or goes. A time that cannot be read stays.
 * @throws InvariantBroken when the points are of several workloads: counts would protect the wrong ones
 */
export function planRetire(
  points: readonly Point[],
  retention: Retention,
  nowMs: number,
  inUse: ReadonlySet<string>,
): RetirePlan {
  if (new Set(points.map((point) => point.workload)).size > 1) {
    throw invariantBroken('Points of several workloads were given to one retirement plan.');
  }
  const live = livePoints(points);
  const best = newestOfBest(live);
  const unsealed = points.filter((point) => point.retire === undefined && !isSealed(point));
  const keep: Judged[] = unsealed.map((point) => ({ point, reason: 'not sealed, so not for this plan to judge' }));
  const retire: Judged[] = [];
  for (const point of points.filter(isBroken)) {
    const isOld = nowMs - Date.parse(point.takenAt) >= retention.days * dayMs;
    if (isOld && !inUse.has(point.id)) retire.push({ point, reason: `broken, and older than ${retention.days} days` });
    else keep.push({ point, reason: 'broken: what is left of it is kept for a person to look at' });
  }
  for (const [index, point] of live.entries()) {
    const reason = keptBecause(point, index, retention, nowMs, inUse, best);
    if (reason === undefined) retire.push({ point, reason: `older than ${retention.days} days` });
    else keep.push({ point, reason });
  }
  return { retire, keep };
}

function keptBecause(
  point: Point,
  index: number,
  retention: Retention,
  nowMs: number,
  inUse: ReadonlySet<string>,
  best: Point | undefined,
): string | undefined {
  if (index === 0) return 'the newest point';
  if (inUse.has(point.id)) return 'a recovery or a copy is using it';
  if (!(nowMs - Date.parse(point.takenAt) >= retention.days * dayMs)) return `younger than ${retention.days} days`;
  if (index < retention.minimum) return `one of the newest ${retention.minimum}`;
  if (point.id === best?.id) return `the newest ${point.verdict.consistency} point`;
  return undefined;
}
