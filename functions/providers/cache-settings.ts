import { invalidRequest } from '#domain/faults.ts';
import type { Tags } from './tag-list.ts';

/** Of a cache that a new one is made after: ElastiCache and MemoryDB take little of it from a snapshot. JSON. */
export interface CacheSettings<Create> extends Record<string, unknown> {
  /** The creating call's own parameters, all but names, tags and what cannot be read. */
  readonly recreate: Partial<Create>;
  readonly tags: Tags;
  /** What no call gives back: one sentence each, for a person. */
  readonly differences: readonly string[];
}

/**
 * Settings as an artifact has kept them.
 * @throws InvalidRequest when they are not there: the artifact is known by its tags alone
 */
export function cacheSettings<Create>(kept: Readonly<Record<string, unknown>>): CacheSettings<Create> {
  const { recreate, tags, differences } = kept;
  // What is there is what `settingsOf` of the same kind has made, and comes back from the ledger as it was.
  if ([recreate, tags, differences].every((part) => typeof part === 'object')) return kept as CacheSettings<Create>;
  throw invalidRequest(
    `What the cache was like is not known any more: it went with the ledger. Make a new one by hand from ${kept.snapshotArn}.`,
  );
}
