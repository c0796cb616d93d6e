/** From when on `watch` expects runs of a workload, and by which schedule: since it was first seen with it, moved on with every check. */
import type { Schedule } from '#domain/policy.ts';
import { change, read } from './table.ts';

interface Watch {
  readonly since: string;
  /** Absent: not noted yet, it is the policy's. */
  readonly schedule?: Schedule;
}

const key = (workload: string) => ({ pk: `workload#${workload}`, sk: 'watch' });

/**
 * When expectation began, and by which schedule; starts it now for a workload that was never watched. A schedule that has changed since is still the
 * old one: it says what was due before the change.
 */
export async function watchOf(workload: string, schedule: Schedule, now: string): Promise<Required<Watch>> {
  const watch = await change<Watch>(key(workload), (record) => record ?? { since: now, schedule });
  return { schedule, since: now, ...watch };
}

/** All that was due until then has been accounted for; from then on this schedule counts. */
export const watchedUntil = (workload: string, schedule: Schedule, until: string) =>
  change<Watch>(key(workload), (record) => (record && record.since < until ? { since: until, schedule } : undefined));

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

/** Addresses that were last seen to get no mail. */
interface UnheardSeen {
  /** Topic and address. */
  readonly seen: readonly string[];
  readonly at: string;
}

const unheardKey = { pk: 'region', sk: 'unheard' };

export const readUnheard = async (): Promise<UnheardSeen | undefined> => (await read<UnheardSeen>(unheardKey))?.record;
export const writeUnheard = (seen: UnheardSeen) => change<UnheardSeen>(unheardKey, () => seen);
