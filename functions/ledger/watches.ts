/** From when on `watch` expects runs of a workload, and by which schedule: since it was first seen with it, moved on with every check. */
import type { Schedule } from '#domain/policy.ts';
import { isSameSchedule } from '#domain/schedule.ts';
import { change, read } from './table.ts';

/** A schedule, and from when on (excluded) what is due by it counts. */
interface Expected {
  readonly since: string;
  /** When it was first seen, which does not move on: runs of before were another schedule's. Absent in records of before this was noted. */
  readonly from?: string;
  readonly schedule: Schedule;
}

export interface Watch extends Expected {
  /** What a deployment has changed: what was due by it until the last look before that counts, too. */
  readonly before?: Expected & { readonly until: string };
}

/** A record without a schedule is one of before it was noted: it is the policy's. */
type Stored = Omit<Watch, 'schedule'> & Partial<Pick<Watch, 'schedule'>>;

const key = (workload: string) => ({ pk: `workload#${workload}`, sk: 'watch' });

/** The last look at all workloads together. */
export interface LastLook {
  readonly at: string;
  /** Whether the policy had the workload then. */
  readonly hadIt: boolean;
}

/**
 * When expectation began, and by which schedule; starts it now for a workload that was never watched, or had been taken out of the policy, and anew
 * for one whose schedule has changed. When that was, nobody has noted: so what the old one owed until the last look is kept.
 */
export async function watchOf(workload: string, schedule: Schedule, last: LastLook, now: string): Promise<Watch> {
  const begun = { since: now, from: now, schedule };
  const watch = await change<Stored>(key(workload), (record) => {
    // One that is back and was begun by a look that did not come to its end has its time since then.
    if (record === undefined || (!last.hadIt && record.since < last.at)) return begun;
    const { since, from, schedule: old = schedule } = record;
    if (isSameSchedule(old, schedule)) return record;
    return { ...begun, before: { since, ...(from && { from }), schedule: old, until: last.at } };
  });
  return { ...begun, ...watch };
}

/** All that was due until then has been accounted for. */
export const watchedUntil = (workload: string, until: string) =>
  change<Stored>(key(workload), (record) => record && accounted(record, until));

function accounted({ before, ...watch }: Stored, until: string): Stored {
  const owed =
    before !== undefined && until < before.until ? { ...before, since: later(before.since, until) } : undefined;
  return { ...watch, since: later(watch.since, until), ...(owed && { before: owed }) };
}

const later = (one: string, other: string): string => (one < other ? other : one);

/** What the watch has looked at, of all workloads together. */
export interface Looks {
  /** When all of what was due until then had been looked at. */
  readonly lookedAt: string;
  /** When every workload was looked at, whatever was due. */
  readonly allAt: string;
  /** Of all workloads at the time. Absent in a record of before they were noted. */
  readonly names?: readonly string[];
  /** Names and schedules at the time: when they change, all are looked at. Absent: as then, what one owed before could not be told yet. */
  readonly policy?: string;
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
