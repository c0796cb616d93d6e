/** Recovery points as the copies of plans tell them. The ledger has none of them, and their end is AWS Backup's. */
import type { Artifact } from './artifact.ts';
import { backupPlanRunOf, type CopiedPart } from './backup-plan-copy.ts';
import type { Point } from './point.ts';
import type { Verdict } from './verdict.ts';

/** What of the workload a point should have: an artifact's kind and place. */
export type Expected = Pick<CopiedPart, 'place'> & Pick<Artifact, 'kind'>;

/**
 * @param expected all of the workload, as it is now
 * @param at ISO time of the look
 * @returns the points of runs whose copies are all complete, newest first; one of which a copy is in error is broken
 */
export function pointsFromBackupPlans(
  workload: string,
  found: readonly CopiedPart[],
  expected: readonly Expected[],
  at: string,
): readonly Point[] {
  return [...Map.groupBy(found, ({ copy }) => copy.point)]
    .map(([id, parts]) => ({ id, parts: withoutDoubles(parts) }))
    .filter(({ parts }) =>
      parts.every(({ copy, artifact }) => copy.state !== 'pending' && artifact.state !== 'pending'),
    )
    .map(({ id, parts }) => pointOf(id, workload, parts, expected, at))
    .sort((one, other) => other.takenAt.localeCompare(one.takenAt) || other.id.localeCompare(one.id));
}

/** A plan may copy an instance and its volumes as well: what is of one moment with others is worth more. */
function withoutDoubles(parts: readonly CopiedPart[]): readonly CopiedPart[] {
  const places = Map.groupBy(parts, ({ artifact, place }) => `${artifact.kind} ${place}`);
  return [...places.values()].flatMap((same) => same.find(isOfInstance) ?? same.slice(0, 1));
}

function pointOf(
  id: string,
  workload: string,
  parts: readonly CopiedPart[],
  expected: readonly Expected[],
  at: string,
): Point {
  const artifacts = parts.map(({ artifact }) => artifact);
  const takenAt = parts.map(({ copy }) => copy.cut.lower).toSorted()[0] ?? '';
  const sealedAt =
    parts
      .map(({ copy }) => copy.cut.upper ?? copy.cut.lower)
      .toSorted()
      .at(-1) ?? takenAt;
  const problem = artifacts.find(({ state }) => state !== 'completed')?.problem;
  return {
    ...{ id, workload, takenAt, sealedAt, artifacts },
    verdict: verdictOf(id, parts, expected),
    ...(problem === undefined ? {} : { broken: { problem, at } }),
  };
}

/** As consistent as what was pulled from its power: and where it is of several moments, each part by itself. */
function verdictOf(id: string, parts: readonly CopiedPart[], expected: readonly Expected[]): Verdict {
  const { plan, rule } = backupPlanRunOf(id);
  const moments = [...Map.groupBy(parts, ({ copy }) => copy.pointArn).values()];
  return {
    consistency: 'crash-consistent',
    evidence: [
      `AWS Backup made these copies by itself, by the rule ${rule} of the plan ${plan}: nothing was held still for them.`,
      ...moments.map(momentWords),
      ...(moments.length > 1
        ? [
            `These are ${moments.length} moments, and nothing makes them fit together: each is consistent by itself at most.`,
          ]
        : []),
      ...missing(parts, expected),
      ...parts.flatMap(coldWords),
    ],
  };
}

function momentWords(parts: readonly CopiedPart[]): string {
  const [first] = parts;
  if (first === undefined) return '';
  const { copy, artifact, place } = first;
  const when = `between ${copy.cut.lower} and ${copy.cut.upper ?? 'a time that is not known'}`;
  if (artifact.kind === 'efs') {
    return `The files of efs ${place} were read one after another ${when}, while they could change.`;
  }
  if (isOfInstance(first) && artifact.kind === 'ebs') {
    const places = parts.map((part) => part.place).join(', ');
    return `${places}: of one moment ${when}, as if its power had failed.`;
  }
  return `${artifact.kind} ${place}: of one moment ${when}, as if its power had failed.`;
}

const isOfInstance = ({ copy }: CopiedPart): boolean => /:instance\//.test(copy.resourceArn);

const missing = (parts: readonly CopiedPart[], expected: readonly Expected[]): readonly string[] =>
  expected
    .filter(({ kind, place }) => !parts.some((part) => part.artifact.kind === kind && part.place === place))
    .map(({ kind, place }) => `It has no copy of ${kind} ${place}, which a recovery from it leaves as it is.`);

/** What is in cold storage and cannot be used there is refused by its kind. */
const coldWords = ({ artifact, place, copy: { coldSince } }: CopiedPart): readonly string[] =>
  coldSince === undefined
    ? []
    : [`The copy of ${artifact.kind} ${place} has been in cold storage since ${coldSince}: to take it out is billed.`];
