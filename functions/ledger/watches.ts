/** From when on `watch` expects runs of a workload: since it was first seen, moved on with every check. */
import { change } from './table.ts';

interface Watch {
  readonly since: string;
}

const key = (workload: string) => ({ pk: `workload#${workload}`, sk: 'watch' });

/** When expectation began; starts it now for a workload that was never watched. */
export async function watchedSince(workload: string, now: string): Promise<string> {
  const watch = await change<Watch>(key(workload), (record) => record ?? { since: now });
  return watch?.since ?? now;
}

/** All that was due until then has been accounted for. */
export const watchedUntil = (workload: string, until: string) =>
  change<Watch>(key(workload), (record) => (record && record.since < until ? { since: until } : undefined));
