/**
 * When the data of an artifact is from, as far as it can be known, and what follows for the order of a set: *a restored database must be
 * older than the disk that it refers to*, since a row without its file is corruption, and a file without a row is only garbage.
 */
import type { Artifact } from './artifact.ts';

/** ISO times. */
export interface Cut {
  /** The earliest moment that anything in the artifact may be from. */
  readonly lower: string;
  /** The latest; absent until it is fixed. It may lie ahead, where a service says only how exact its own clock is. */
  readonly upper?: string;
}

/**
 * So far apart are the cuts of two tiers where a managed service has told one of them: AWS's clocks and ours need not agree, and some
 * uppers are when this side saw the artifact complete.
 */
export const guardMs = 60_000;

/** Clocks of AWS's services, and ours, may differ by so much. */
export const clockToleranceMs = 2000;

/** Of an artifact without a cut of its own (a snapshot of EBS) the moment is that of the call. */
const cutOf = ({ cut, startedAt }: Artifact): Cut => cut ?? { lower: startedAt, upper: startedAt };

/** Epoch ms from when on the artifact's source may change without the artifact's learning of it; Infinity while nobody knows. */
const fixedMs = (artifact: Artifact): number => Date.parse(cutOf(artifact).upper ?? '') || Number.POSITIVE_INFINITY;

/** When all of them are fixed, epoch ms; Infinity while that is not known; 0 of none. */
export const allFixedMs = (artifacts: readonly Artifact[]): number => Math.max(0, ...artifacts.map(fixedMs));

/** When the tier after these artifacts' may begin, epoch ms; Infinity while that is not known. */
export const nextTierMs = (earlier: readonly Artifact[]): number =>
  allFixedMs(earlier) + (earlier.some(({ cut }) => cut !== undefined) ? guardMs : 0);

/**
 * @returns one sentence for each artifact that cannot be proven to be older than one of a later tier; none, whichever runs the artifacts
 *   are of, when the set may be brought back together. Two tiers of EBS snapshots are in order by their calls
 */
export function orderProblems(artifacts: readonly Artifact[]): readonly string[] {
  return artifacts.flatMap((one) => {
    const later = artifacts.find((other) => other.tier > one.tier && !isProven(one, other));
    return later === undefined ? [] : [problem(one, later)];
  });
}

const isProven = (one: Artifact, other: Artifact): boolean =>
  (one.cut === undefined && other.cut === undefined) ||
  fixedMs(one) + guardMs <= (Date.parse(cutOf(other).lower) || Number.NEGATIVE_INFINITY);

function problem(one: Artifact, later: Artifact): string {
  const upper = cutOf(one).upper ?? 'a time that is not known';
  return `${one.kind} ${one.source} (${one.id}, tier ${one.tier}) may have data from up to ${upper}, and ${later.kind} ${later.source} (${later.id}, tier ${later.tier}) from ${cutOf(later).lower} on: it is not proven to be ${guardMs / 1000} s older.`;
}
