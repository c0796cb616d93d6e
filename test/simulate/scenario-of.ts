/** Nights, recoveries and mornings of a subject. */
import { nightly } from '../scenario/policy.ts';
import { dayMs, hourMs, minuteMs, openStage, type Stage } from '../scenario/stage.ts';
import { liveNight, liveRecovery, startMs, watchOnce } from './living.ts';
import { sealed } from './outcome.ts';
import { isCopied } from './promise-of-copying.ts';
import type { Scenario } from './scenario.ts';
import { dozeUntil, sleepUntil, untilNothingHappens } from './sleep.ts';
import { functionOf } from './step-of.ts';
import type { Subject } from './subject.ts';
import type { Trouble } from './troubles.ts';

/** Shorter than AWS's, which only adds looks that are all alike: the order of things stays, and each wait has its three looks and more. */
const durations = {
  createVolumeFromSnapshot: 1600,
  attachVolume: 800,
  detachVolume: 2400,
  shutdownGuest: 800,
  stopInstance: 1600,
  startInstance: 1600,
  passStatusChecks: 2400,
  completeSnapshotPerGib: 600,
};

const managedDurations = {
  rds: { snapshotMs: 10_000, restoreMs: 8000, modifyMs: 3000, renameMs: 4000 },
  efs: { mountTargetMs: 4000, updateMs: 3000 },
  backup: { jobMs: 10_000, restoreMs: 8000 },
  memorydb: { snapshotMs: 16_000 },
  elasticache: { snapshotMs: 16_000, exportMs: 16_000 },
  dynamodb: { backupMs: 10_000, restoreMs: 8000 },
  opensearch: { snapshotMs: 16_000, restoreMs: 8000 },
};

/** The stage with its workload, and what every scenario of it tells. */
const settingOf = ({ typed, plans, shortPages = 0.25, launch, ...subject }: Subject) => ({
  ...subject,
  ...(typed.recovery?.verify === undefined ? {} : { verify: typed.recovery.verify }),
  open: async (seed: number): Promise<Stage> => {
    const stage = await openStage({
      policy: { ...nightly({ [subject.workload]: typed }), ...(plans ? { plans } : {}) },
      ...{ seed, startMs, sns: { confirmAfterMs: 0 }, ec2: { durations, shortPages } },
      ...managedDurations,
      ...(subject.copiesTo === undefined ? {} : { neighbours: [subject.copiesTo] }),
    });
    await launch?.(stage);
    return stage;
  },
});

type More = Pick<Scenario, 'after' | 'denies'> & { readonly trouble?: Trouble };

export const nightOf = (name: string, subject: Subject, { trouble, ...more }: More = {}): Scenario => {
  const scenario: Scenario = {
    ...{ name, machine: 'protect' },
    ...settingOf(subject),
    ...more,
    prepare: watchOnce,
    live: (stage) => {
      trouble?.(stage, scenario);
      return liveNight(stage);
    },
  };
  return scenario;
};

export const recoveryOf = (name: string, subject: Subject, { trouble, ...more }: More = {}): Scenario => {
  const scenario: Scenario = {
    ...{ name, machine: 'recover', nights: 1 },
    ...settingOf(subject),
    ...more,
    prepare: async (stage) => {
      await stage.time.until(() => sealed(stage).length > 0, hourMs);
      await stage.time.advance(2 * minuteMs);
    },
    live: (stage) => {
      trouble?.(stage, scenario);
      return liveRecovery(stage, { workload: subject.workload, ...subject.request });
    },
  };
  return scenario;
};

/** The morning after three nights, of which the policy keeps two: the digest, the watch, and the oldest point is retired. */
export const morningOf = (name: string, subject: Subject, after: readonly Scenario[]): Scenario => ({
  ...{ name, machine: 'protect', after, nights: 3, expires: 1, hasDigest: true },
  ...settingOf(subject),
  prepare: async (stage) => {
    await watchOnce(stage);
    for (const night of [0, 1, 2]) {
      await sleepUntil(stage, startMs + night * dayMs);
      await stage.time.until(() => sealed(stage).length > night, hourMs);
    }
    await sleepUntil(stage, startMs + 2 * dayMs + 4 * hourMs);
  },
  live: async (stage) => {
    await dozeUntil(stage, startMs + 2 * dayMs + 4 * hourMs + 65 * minuteMs);
    await untilNothingHappens(stage);
  },
});

/** After a night: its point is copied to another Region. */
export const copyingOf = (name: string, subject: Subject): Scenario => {
  const scenario: Scenario = {
    ...{ name, machine: 'protect', isAfterwards: true },
    ...settingOf(subject),
    prepare: async (stage) => {
      await watchOnce(stage);
      await stage.time.until(() => sealed(stage).length > 0, hourMs);
      await stage.time.advance(1000);
    },
    live: async (stage) => {
      await untilNothingHappens(stage, () => isCopied({ stage, scenario }));
    },
  };
  return scenario;
};

/** Hours of the morning after a night in which a plan of AWS Backup is due, and what it comes to is looked at. */
export const plannedMorningOf = (
  name: string,
  subject: Subject,
  { trouble, after }: Pick<More, 'trouble' | 'after'>,
): Scenario => {
  const scenario: Scenario = {
    ...{ name, machine: 'protect', nights: 1, hasBackupPlan: true, ...(after ? { after } : {}) },
    ...settingOf(subject),
    prepare: async (stage) => {
      await watchOnce(stage);
      await stage.time.until(() => sealed(stage).length > 0, hourMs);
      // What carries the tags is known before the plan is due.
      await stage.invoke(functionOf(stage.services.lambda.names(), 'Retire'));
      await sleepUntil(stage, startMs + hourMs);
    },
    live: async (stage) => {
      trouble?.(stage, scenario);
      await dozeUntil(stage, startMs + 4.6 * hourMs);
      await untilNothingHappens(stage);
    },
  };
  return scenario;
};
