/** What there is of points in another Region, by its tags: whatever the ledger has learnt of it, or not. */
import type { CopiedPoint } from '#domain/point-copy.ts';
import type { Copied } from '#providers/copier.ts';
import { copierOf } from '#providers/copiers.ts';

/** By the id of the artifact that they are copies of, the oldest first. */
export type CopiesSeen = ReadonlyMap<string, readonly Copied[]>;

/** @param points whose copies are in this Region; one listing for all */
export async function lookAtCopies(region: string, points: readonly CopiedPoint[]): Promise<CopiesSeen> {
  const kinds = Map.groupBy(
    points.flatMap(({ copy }) => copy.parts),
    ({ kind }) => kind,
  );
  const looks = await Promise.all(
    [...kinds].map(([kind, parts]) =>
      copierOf(kind).look(
        region,
        parts.map(({ of }) => of),
      ),
    ),
  );
  return new Map(looks.flatMap((look) => [...look]));
}
