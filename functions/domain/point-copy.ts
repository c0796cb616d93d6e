/**
 * A sealed point's copy in another Region, which its owner wants there (`copyTo`): one of every artifact, worth something only once all are
 * complete. Whatever becomes of it, the point itself is as it was.
 */
import type { Artifact } from './artifact.ts';
import { type RpoState, rpoState } from './expectation.ts';
import type { Point } from './point.ts';
import type { CopyTo, Workload } from './policy.ts';
import { newestOf } from './retention.ts';

export interface PointCopy extends CopyPlace {
  /**
   * `waiting`: none of it is begun. `copying`: until all of it is complete. `whole`: it can be brought back. `failed`: a part of it could not
   * be made, or is gone. `passed over`: a newer point of the workload was begun first.
   */
  readonly state: 'waiting' | 'copying' | 'whole' | 'failed' | 'passed over';
  readonly parts: readonly CopyPart[];
  /** ISO; when the first part was asked for. */
  readonly begunAt?: string;
  /** ISO; when all parts were complete. */
  readonly wholeAt?: string;
  /** Why it failed, in AWS's words, and since when that is known, ISO. */
  readonly failure?: { readonly problem: string; readonly at: string };
  /** As of a point: first as intent, then as fact. */
  readonly retire?: Point['retire'];
}

export interface CopyPlace {
  readonly region: string;
  /** ARN of the KMS key there that it is encrypted with. */
  readonly key: string;
}

export interface CopyPart extends Pick<Artifact, 'kind'> {
  /** Id of the artifact that it is a copy of. */
  readonly of: string;
  /** When its service was last asked for it, ISO; written before the call, so that another may not have had any effect. */
  readonly askedAt?: string;
  /** As its service names it there. */
  readonly id?: string;
  readonly isComplete?: true;
}

/** What the policy wants of a point that is being sealed. */
export const copyWanted = (
  { copyTo }: Pick<Workload, 'copyTo'>,
  artifacts: readonly Artifact[],
): PointCopy | undefined =>
  copyTo && {
    ...{ region: copyTo.region, key: copyTo.key, state: 'waiting' },
    parts: artifacts.map(({ kind, id }) => ({ kind, of: id })),
  };

/** Whether it is waited for: of a point that is broken, or goes, no copy is begun any more. */
export const isToCopy = ({ copy, retire, broken }: Point): boolean =>
  copy?.state === 'waiting' && retire === undefined && broken === undefined;

/** A point of which a copy is wanted, whatever has become of it. */
export type CopiedPoint = Point & { readonly copy: PointCopy };

/** Whether parts of it are under way: what they are copied from must stay. */
export const isCopying = (point: Point): point is CopiedPoint => point.copy?.state === 'copying';

/** Asked for, and not known to be complete. */
export const isUnderWay = ({ askedAt, isComplete }: CopyPart): boolean => askedAt !== undefined && isComplete !== true;

/** Whether there may be something of it in the other Region. */
export const isThere = ({ copy }: Point): boolean => copy?.begunAt !== undefined && copy.retire?.doneAt === undefined;

/**
 * Points as they are in the other Region: sealed once they were whole there, kept and retired for themselves.
 * @returns those that were ever whole
 */
export const copiesOf = (points: readonly Point[], { region }: Pick<CopyTo, 'region'>): readonly Point[] =>
  points.flatMap(({ copy, exports: _, broken: __, retire: ___, ...point }) => {
    if (copy?.region !== region || copy.wholeAt === undefined) return [];
    const parts = new Map(copy.parts.map((part) => [part.of, part.id]));
    const artifacts = point.artifacts.map((artifact) => ({ ...artifact, id: parts.get(artifact.id) ?? artifact.id }));
    const lost = copy.failure !== undefined ? { broken: copy.failure } : {};
    const going = copy.retire === undefined ? {} : { retire: copy.retire };
    return [{ ...point, sealedAt: copy.wholeAt, artifacts, ...lost, ...going }];
  });

/** How what is in the other Region stands against the policy. */
export interface CopyStanding {
  readonly region: string;
  /** The newest that is whole there, and whose times are in order. */
  readonly newest?: Point;
  readonly rpo: RpoState;
  /** Its age is past what the policy wants; where there is none, that of the first that should be there. */
  readonly isBehind: boolean;
}

/** @returns undefined of a workload that is not copied */
export function copyStanding(workload: Workload, points: readonly Point[], nowMs: number): CopyStanding | undefined {
  const { copyTo } = workload;
  if (copyTo === undefined) return undefined;
  const { newestPoint: newest } = newestOf(copiesOf(points, copyTo));
  const objectives = { ...workload.objectives, rpoMinutes: copyTo.rpoMinutes };
  const rpo = rpoState({ ...workload, objectives }, newest, nowMs);
  const firstMs = Math.min(...points.flatMap(({ copy, takenAt }) => (copy ? [Date.parse(takenAt)] : [])));
  const isBehind = rpo.state === 'missed' || (rpo.state === 'none' && nowMs - firstMs > rpo.rpoMs);
  return { region: copyTo.region, ...(newest === undefined ? {} : { newest }), rpo, isBehind };
}
