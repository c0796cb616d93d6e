/** Points with parts of a kind of which the policy has no member any more: the stack has lost its rights to them, so nothing retires them. */
import type { Point } from './point.ts';
import type { Policy } from './policy.ts';

type Kinds = Pick<Policy, 'workloads' | 'formerKinds'>;

export interface LeftOver {
  readonly kind: string;
  /** Ids of points that are not retired, newest first as given. */
  readonly points: readonly string[];
}

/** What retire may look at and delete. */
const kindsOf = ({ workloads, formerKinds = [] }: Kinds): ReadonlySet<string> =>
  new Set([...workloads.flatMap(({ members }) => members.map(({ kind }) => kind)), ...formerKinds]);

/** @returns whether the stack has no rights to some part of a point */
export function leftOverBy(policy: Kinds): (point: Point) => boolean {
  const kinds = kindsOf(policy);
  return ({ artifacts }) => artifacts.some(({ kind }) => !kinds.has(kind));
}

/** @param points of one workload */
export function leftOversOf(policy: Kinds, points: readonly Point[]): readonly LeftOver[] {
  const kinds = kindsOf(policy);
  const there = points.filter(({ retire }) => retire?.doneAt === undefined);
  const parts = there.flatMap(({ id, artifacts }) =>
    [...new Set(artifacts.map(({ kind }) => kind))].filter((kind) => !kinds.has(kind)).map((kind) => ({ id, kind })),
  );
  return [...Map.groupBy(parts, ({ kind }) => kind)].map(([kind, some]) => ({
    kind,
    points: some.map(({ id }) => id),
  }));
}

/** Sentences: what is there, why it stays, and what lets it go. */
export const leftOverWords = ({ kind, points }: LeftOver): string =>
  `${points.length === 1 ? '1 point has' : `${points.length} points have`} parts of kind ${kind}, of which the policy has no member any more (the newest is ${points[0]}). They cost, and nothing retires them: add ${kind} to formerKinds in the policy, and npx cdk deploy.`;
