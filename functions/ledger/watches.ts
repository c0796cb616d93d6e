/** From when on `watch` expects runs of a workload: since it was first seen, moved on with every check. */
import { change, read } from './table.ts';

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

/** What the watch has looked at, of all workloads together. */
export interface Looks {
  /** When all of what was due until then had been looked at. */
  readonly lookedAt: string;
  /** When every workload was looked at, whatever was due. */
  readonly allAt: string;
  /** Names and schedules at the time: when they change, all are looked at. */
  readonly policy: string;
}

const looksKey = { pk: 'region', sk: 'watch' };

export const readLooks = async (): Promise<Looks | undefined> => (await read<Looks>(looksKey))?.record;
export const writeLooks = (looks: Looks) => change<Looks>(looksKey, () => looks);
