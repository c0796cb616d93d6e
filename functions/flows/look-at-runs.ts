/** One listing for all settling runs together, whatever their number: what their artifacts' tags tell, before any record is read. */
import type { Artifact } from '#domain/artifact.ts';
import type { OpenRun } from '#ledger/unfinished.ts';
import { deployedPolicy } from '#platform/deployed-policy.ts';
import { providersFor } from '#providers/index.ts';

export interface Look {
  /** All that carry the run's tags; the run may not know every one, and one of its own may be missing. */
  readonly artifacts: readonly Artifact[];
  /** How many the run should have; 0 when none shows. */
  readonly count: number;
}

/** Of a run whose artifacts do not show. */
export const unseen: Look = { artifacts: [], count: 0 };

/** @returns one look a run */
export async function lookAtRuns(runs: readonly OpenRun[]): Promise<ReadonlyMap<string, Look>> {
  if (runs.length === 0) return new Map();
  const ids = runs.map(({ runId }) => runId);
  const listing = providersFor(deployedPolicy().workloads).flatMap(({ find }) => find ?? []);
  const found = await Promise.all(listing.map((find) => find(ids)));
  return new Map(ids.map((id) => [id, found.map((each) => each.get(id) ?? unseen).reduce(both, unseen)]));
}

const both = (one: Look, other: Look): Look => ({
  artifacts: [...one.artifacts, ...other.artifacts],
  count: Math.max(one.count, other.count),
});

/** Whether there is nothing to do but to wait: all are there and no others, for which nothing waits; none is broken, some are not complete. */
export const isOnItsWay = ({ artifacts, count }: Look): boolean =>
  artifacts.length === count &&
  artifacts.some(({ state }) => state === 'pending') &&
  artifacts.every(({ state }) => state === 'pending' || state === 'completed');

/** Artifacts that may be pending: those that do not show yet may. */
export const unfinishedOf = ({ artifacts, count }: Look): number =>
  Math.max(count, artifacts.length) - artifacts.filter(({ state }) => state !== 'pending').length;
