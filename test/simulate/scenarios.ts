/** What goes on while a fault happens: a night of one workload, or its recovery. Everything is left to the deployed stack. */
import { appliance, applianceId, database, databaseId, nightly } from '../scenario/policy.ts';
import { executions, hourMs, minuteMs, openStage, type Stage } from '../scenario/stage.ts';
import { hasSettled, sealed } from './outcome.ts';
import { dozeUntil, untilNothingHappens } from './sleep.ts';
import { stepOf } from './step-of.ts';

export interface Scenario {
  readonly name: string;
  readonly workload: string;
  readonly instanceId: string;
  readonly machine: 'protect' | 'recover';
  open(seed: number): Promise<Stage>;
  /** Up to the moment from which faults may happen. */
  prepare(stage: Stage): Promise<void>;
  /** From there until whatever happens has happened, and mails about it have been sent. */
  live(stage: Stage): Promise<void>;
}

/** A minute and a half before the schedule. */
const startMs = Date.UTC(2026, 0, 15, 2, 58, 30);
/** The longest that a night may stay open before its point is late: the RPO, and the watch's hour. */
const lateMs = 28 * hourMs;

/** The watch expects runs from its first look on; a stack that is older than an hour has had it. */
async function watchOnce(stage: Stage): Promise<void> {
  const name = stage.services.lambda.names().find((each) => stepOf(each) === 'Watch');
  if (name === undefined) throw new Error('There is no watch.');
  await stage.invoke(name);
}

async function liveNight(stage: Stage): Promise<void> {
  await stage.time.until(() => hasSettled(stage), lateMs);
  await untilNothingHappens(stage);
  // The watch comes by every hour.
  await dozeUntil(stage, startMs + 55 * minuteMs);
  await stage.time.advance(Math.max(0, startMs + 62 * minuteMs - stage.clock.nowMs()));
}

async function liveRecovery(stage: Stage, workload: string): Promise<void> {
  const isQuiet = () => executions(stage, 'recover').every(({ status }) => status !== 'RUNNING');
  await stage.startExecution(stage.deployed.HoldfastRecover ?? '', { workload }, recoveryName);
  await stage.time.until(isQuiet, 12 * hourMs);
  await untilNothingHappens(stage);
  // The guard may have begun another one that undoes it.
  await stage.time.until(isQuiet, 12 * hourMs);
  await untilNothingHappens(stage);
}

/** Name of the recovery's execution, and so its id. */
export const recoveryName = 'recovery-1';

const database1 = {
  workload: 'orders-db',
  instanceId: databaseId,
  typed: database({ recovery: { verify: '/opt/holdfast/verify', keepReplacedDays: 1 } }),
};
const appliance1 = {
  workload: 'appliance',
  instanceId: applianceId,
  typed: appliance({ recovery: { keepReplacedDays: 1 } }),
};

const open = (workload: string, typed: ReturnType<typeof database>) => (seed: number) =>
  openStage({ policy: nightly({ [workload]: typed }), seed, startMs, sns: { confirmAfterMs: 0 } });

const nightOf = (name: string, { workload, instanceId, typed }: typeof database1): Scenario => ({
  ...{ name, workload, instanceId, machine: 'protect' },
  open: open(workload, typed),
  prepare: watchOnce,
  live: liveNight,
});

const recoveryOf = (name: string, { workload, instanceId, typed }: typeof database1): Scenario => ({
  ...{ name, workload, instanceId, machine: 'recover' },
  open: open(workload, typed),
  prepare: async (stage) => {
    await stage.time.until(() => sealed(stage).length > 0, hourMs);
    await stage.time.advance(2 * minuteMs);
  },
  live: (stage) => liveRecovery(stage, workload),
});

/** `database`: four volumes, two hooks, a verify script. `appliance`: one volume, nothing else. */
export const scenarios = {
  'database-night': nightOf('database-night', database1),
  'appliance-night': nightOf('appliance-night', appliance1),
  'database-recovery': recoveryOf('database-recovery', database1),
  'appliance-recovery': recoveryOf('appliance-recovery', appliance1),
} as const satisfies Record<string, Scenario>;
