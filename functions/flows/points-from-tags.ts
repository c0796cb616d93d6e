import type { Point } from '#domain/point.ts';
import { pointsFromTags as fromTags } from '#domain/points-from-tags.ts';
import type { Provider } from '#providers/provider.ts';

/** All points of a workload, newest first, as the tags of these kinds' artifacts alone tell them: for when the ledger is gone. */
export async function pointsFromTags(workload: string, kinds: readonly Provider[]): Promise<readonly Point[]> {
  const found = await Promise.all(kinds.map((each) => each.tagged(workload)));
  return fromTags(workload, found.flat());
}
