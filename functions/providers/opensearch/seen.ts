import type { Artifact } from '#domain/artifact.ts';
import type { Snapshot } from '../named-snapshots.ts';
import type { Shown } from './repository.ts';

/** https://docs.opensearch.org/latest/api-reference/snapshots/get-snapshot/ */
const states: Readonly<Record<string, Artifact['state']>> = { IN_PROGRESS: 'pending', SUCCESS: 'completed' };

/**
 * Shards wait their turn, and each is copied as it is when that comes: so all that is in it may be from any moment between its start and its
 * end.
 */
export function seen(shown: Shown): Snapshot {
  const { snapshot: id, state: word = 'of no state', start_time_in_millis: startMs, end_time_in_millis: endMs } = shown;
  const state = states[word] ?? 'error';
  const lower = isoOf(startMs || Date.now());
  const isFixed = state === 'completed';
  return {
    ...{ id, state, startedAt: lower },
    ...(state === 'error' ? { problem: problemOf(word, shown) } : {}),
    cut: isFixed ? { lower, upper: isoOf(endMs || Date.now()) } : { lower },
    ...(isFixed ? { detail: { indices: shown.indices } } : {}),
  };
}

const isoOf = (ms: number) => new Date(ms).toISOString();

const mostReasons = 3;

function problemOf(word: string, { reason, failures }: Shown): string {
  const ofShards = failures.slice(0, mostReasons).map((each) => `${each.index}[${each.shard_id}]: ${each.reason}`);
  const more = failures.length > mostReasons ? [`and ${failures.length - mostReasons} more shards`] : [];
  const reasons = [...(reason === undefined ? [] : [reason]), ...ofShards, ...more];
  return `it is ${word}: ${reasons.join('; ') || 'OpenSearch gives no reason'}`;
}
