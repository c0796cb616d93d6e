/**
 * What a point has less than the one before it. A selector that finds fewer volumes, and a hold that was lost, fail no run: each point looks whole by
 * itself, and only the one before tells what is missing.
 */
import type { Artifact } from './artifact.ts';
import { isOfInstances } from './member-kinds.ts';
import type { Point } from './point.ts';
import { isTrusted, livePoints } from './retention.ts';
import { worth } from './verdict.ts';

export interface Losses {
  /** The newest older one that can be recovered and whose times are in order. */
  readonly before: Point;
  readonly isLessConsistent: boolean;
  /** What that one has and this has not, of kinds of which there are fewer now. */
  readonly missing: readonly Artifact[];
}

/**
 * What is exchanged one for one is no loss (a recovery has made another volume, Auto Scaling another instance); what a managed service keeps has names in
 * the policy, and is refused when it is not there.
 * @param others points of the workload, in any order; this one may be among them
 * @returns undefined when nothing is less, when there is none before, and when its own times contradict each other, which is told by itself
 */
export function lossesOf(point: Point, others: readonly Point[]): Losses | undefined {
  const before = livePoints(others).find((other) => isTrusted(other) && other.takenAt < point.takenAt);
  if (before === undefined || !isTrusted(point)) return undefined;
  const isLessConsistent = worth[point.verdict.consistency] < worth[before.verdict.consistency];
  const missing = [...byKind(before)].flatMap(([kind, had]) => missingOf(had, byKind(point).get(kind) ?? []));
  return isLessConsistent || missing.length > 0 ? { before, isLessConsistent, missing } : undefined;
}

const byKind = ({ artifacts }: Point): ReadonlyMap<string, readonly Artifact[]> =>
  Map.groupBy(
    artifacts.filter(({ kind }) => isOfInstances(kind)),
    ({ kind }) => kind,
  );

function missingOf(had: readonly Artifact[], has: readonly Artifact[]): readonly Artifact[] {
  if (has.length >= had.length) return [];
  const sources = new Set(has.map(({ source }) => source));
  return had.filter(({ source }) => !sources.has(source));
}
