/** Standing troubles that are told when they begin, again while they grow, and once when they end (a missed run, say). */
import { change, list, listOpen, type Place } from './table.ts';

export interface StandingAlarm {
  readonly workload: string;
  readonly kind: string;
  readonly since: string;
  /** What it was last told about: the due time of the missed run. */
  readonly subject: string;
  /** Absent: only when it began. */
  readonly toldAt?: string;
  readonly clearedAt?: string;
}

const key = (workload: string, kind: string) => ({ pk: `workload#${workload}`, sk: `alarm#${kind}` });

const placeOf = (alarm: StandingAlarm): Place =>
  isStanding(alarm) ? { open: { sort: 'alarm', since: alarm.since } } : {};

/** Raises an alarm unless it stands already, and was last told later than `toldAfter`; returns the one that stands. */
export const raiseAlarm = (alarm: StandingAlarm, toldAfter = '') =>
  change<StandingAlarm>(
    key(alarm.workload, alarm.kind),
    (now) => {
      if (now === undefined || !isStanding(now)) return alarm;
      return (now.toldAt ?? now.since) < toldAfter
        ? { ...now, subject: alarm.subject, toldAt: alarm.since }
        : undefined;
    },
    placeOf,
  );

/** Clears an alarm. */
export const clearAlarm = (workload: string, kind: string, clearedAt: string) =>
  change<StandingAlarm>(
    key(workload, kind),
    (now) => (now && isStanding(now) ? { ...now, clearedAt } : undefined),
    placeOf,
  );

export const standingAlarms = async (workload: string): Promise<readonly StandingAlarm[]> =>
  (await list<StandingAlarm>(`workload#${workload}`, 'alarm#')).filter(isStanding);

/** Names of the workloads that an alarm stands for. */
export const alarmed = async (): Promise<ReadonlySet<string>> =>
  new Set((await listOpen('alarm')).map(({ pk }) => pk.slice('workload#'.length)));

const isStanding = (alarm: StandingAlarm | undefined): boolean => alarm !== undefined && alarm.clearedAt === undefined;
