/** Workloads of long runs: in several zones, with schedules in several time zones, and one with a clock that is wrong. */
import type { PolicyInput } from '#domain/policy-schema.ts';
import { launchDatabase } from '../scenario/fleet.ts';
import { appliance, applianceId, database, databaseId, nightly } from '../scenario/policy.ts';
import { hourMs, minuteMs, type Stage } from '../scenario/stage.ts';

export interface NightlyWorkload {
  readonly workload: string;
  readonly instanceId: string;
  /** Local time of its schedule, and the zone's offsets from UTC over the year, in hours. */
  readonly hour: number;
  readonly minute: number;
  readonly timeZone: string;
  readonly offsets: readonly number[];
}

export const nightlyWorkloads: readonly NightlyWorkload[] = [
  { workload: 'orders-db', instanceId: databaseId, hour: 3, minute: 0, timeZone: 'UTC', offsets: [0] },
  { workload: 'appliance', instanceId: applianceId, hour: 3, minute: 0, timeZone: 'UTC', offsets: [0] },
  {
    ...{ workload: 'berlin-db', instanceId: 'i-0bbbbbbbbbbbbbbb1' },
    ...{ hour: 2, minute: 30, timeZone: 'Europe/Berlin', offsets: [1, 2] },
  },
];

/** @param days retention, by which one policy differs from the next */
export function policyOfNights(days: number): PolicyInput {
  const retention = { days, minimum: 7 };
  const recovery = { verify: '/opt/holdfast/verify', keepReplacedDays: 1 };
  return nightly({
    'orders-db': database({ retention, recovery }),
    appliance: appliance({ retention, recovery: { keepReplacedDays: 1 } }),
    'berlin-db': database({
      schedule: { cron: '30 2 * * ? *', timeZone: 'Europe/Berlin' },
      members: [{ kind: 'ebs', instance: { tags: { Name: 'berlin-db' } }, volumes: 'data' }],
      // The hour that spring leaves out costs a night.
      objectives: { rpo: '49h', rto: '45m' },
      retention,
      recovery,
    }),
  });
}

export const launchBerlin = (stage: Stage): void =>
  launchDatabase(stage, {
    ...{ id: 'i-0bbbbbbbbbbbbbbb1', name: 'berlin-db', availabilityZone: 'eu-west-1b' },
    clockSkewMs: 97_000,
  });

/** When the workload was due on that day of the calendar; nothing in the hour that spring leaves out. */
export function dueOn({ hour, minute, timeZone, offsets }: NightlyWorkload, dayStartMs: number): number | undefined {
  const local = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const wanted = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
  // In the hour that autumn repeats, the first: the larger offset.
  return offsets
    .toSorted((one, other) => other - one)
    .map((offset) => dayStartMs + (hour - offset) * hourMs + minute * minuteMs)
    .find((atMs) => local.format(atMs) === wanted);
}
