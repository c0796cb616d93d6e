/** What goes on while a fault happens: a night of one workload, or its recovery. Everything is left to the deployed stack. */

import { fileSystemId, filesParameter, launchOrders } from '../scenario/orders.ts';
import { appliance, applianceId, database, databaseId, databaseName, nightly } from '../scenario/policy.ts';
import { dayMs, executions, hourMs, minuteMs, openStage, type Stage } from '../scenario/stage.ts';
import { launchWindows, windows, windowsDevices, windowsId } from '../scenario/windows.ts';
import { stopExecution, whenIn } from './moment.ts';
import { hasSettled, sealed } from './outcome.ts';
import { dozeLightlyUntil, dozeUntil, sleepUntil, untilNothingHappens } from './sleep.ts';
import { stepOf } from './step-of.ts';

export interface Scenario {
  readonly name: string;
  readonly workload: string;
  readonly instanceId: string;
  /** Those of the instance that are backed up. */
  readonly devices: readonly string[];
  readonly machine: 'protect' | 'recover';
  /** Scenarios whose places this one does not repeat. */
  readonly after?: readonly Scenario[];
  /** So long may the application be held, where it is not the usual deadline. */
  readonly heldMs?: number;
  /** Its files are on EFS, and its database is kept as a moment of a continuous backup. */
  readonly hasFiles?: boolean;
  /** How many of the oldest points its policy lets go. */
  readonly expires?: number;
  /** A digest is due in it. */
  readonly hasDigest?: boolean;
  /** Callers and operations that the scenario itself denies: `RollBack AttachVolume`. */
  readonly denies?: readonly string[];
  /** Files on the guest when it was backed up that a recovery takes away. */
  readonly temporary?: readonly string[];
  open(seed: number): Promise<Stage>;
  /** How many nights have been before it. */
  readonly nights?: number;
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
  await stage.invoke(functionOf(stage.services.lambda.names(), 'Watch'));
}

function functionOf(names: readonly string[], step: string): string {
  const name = names.find((each) => stepOf(each) === step);
  if (name === undefined) throw new Error(`There is no function of ${step}.`);
  return name;
}

/** A night that is not over within the hour waits for nothing but its day's end: of the hours until then sweeps see ten minutes each. */
async function untilSettled(stage: Stage): Promise<void> {
  const isOver = () => hasSettled(stage);
  const leftMs = (untilMs: number) => startMs + untilMs - stage.clock.nowMs();
  await stage.time.until(isOver, hourMs);
  while (!isOver() && leftMs(23 * hourMs) > 0) {
    await dozeUntil(stage, stage.clock.nowMs() + 50 * minuteMs);
    await stage.time.until(isOver, 10 * minuteMs);
  }
  await stage.time.until(isOver, leftMs(lateMs));
}

async function liveNight(stage: Stage): Promise<void> {
  await untilSettled(stage);
  await untilNothingHappens(stage);
  // The watch comes by every hour, and what it owes is reported.
  await dozeUntil(stage, startMs + 57 * minuteMs);
  await dozeLightlyUntil(stage, startMs + 62.5 * minuteMs);
}

async function liveRecovery(stage: Stage, workload: string): Promise<void> {
  await stage.startExecution(stage.deployed.HoldfastRecover ?? '', { workload }, recoveryName);
  // The guard may begin another one that undoes it.
  await untilNothingHappens(stage, () => executions(stage, 'recover').every(({ status }) => status !== 'RUNNING'));
}

/** Name of the recovery's execution, and so its id. */
export const recoveryName = 'recovery-1';

interface Subject {
  readonly workload: string;
  readonly instanceId: string;
  readonly devices: readonly string[];
  readonly typed: ReturnType<typeof database>;
  /** Share of EC2's answers that come in two pages, where it is not the region's own. */
  readonly shortPages?: number;
  readonly temporary?: readonly string[];
  readonly heldMs?: number;
  readonly hasFiles?: boolean;
}

/** Four volumes, two hooks, a verify script. */
const database1: Subject = {
  workload: 'orders-db',
  instanceId: databaseId,
  devices: ['/dev/sdf', '/dev/sdg', '/dev/sdh', '/dev/sdi'],
  typed: database({ recovery: { verify: '/opt/holdfast/verify', keepReplacedDays: 1 } }),
};
/** One volume, nothing else; whatever is looked for comes in two pages, so that no second page is left to chance. */
const appliance1: Subject = {
  workload: 'appliance',
  instanceId: applianceId,
  devices: ['/dev/sdh'],
  typed: appliance({ recovery: { keepReplacedDays: 1 } }),
  shortPages: 1,
};
const { quiesce } = database1.typed;
const unheldAllowed: Subject = {
  ...database1,
  typed: { ...database1.typed, ...(quiesce ? { quiesce: { ...quiesce, onFailure: 'crash-consistent' } } : {}) },
};
const littered: Subject = {
  ...database1,
  temporary: ['/mnt/sdf/TEMP.usage'],
  typed: {
    ...database1.typed,
    recovery: { ...database1.typed.recovery, cleanUp: [{ roots: ['/mnt/sdf'], files: ['TEMP.*'] }] },
  },
};
/** Its rows are in a DB instance, its files on the disks that these refer to. */
const ordered: Subject = {
  ...database1,
  heldMs: 6 * minuteMs,
  typed: {
    ...database1.typed,
    members: [
      { kind: 'rds', resource: databaseName },
      { kind: 'ebs', instance: { tags: { Name: 'orders-db' } }, volumes: 'data', tier: 2 },
    ],
    quiesce: {
      hooks: [
        { kind: 'command', quiesce: '/opt/holdfast/quiesce', release: '/opt/holdfast/release', deadlineSeconds: 360 },
      ],
    },
    window: '6m',
  },
};
/** Its rows are a moment of the DB instance's own backup; its files are on EFS, and on disks of the instance that moves restored files. */
const filed: Subject = {
  ...ordered,
  hasFiles: true,
  typed: {
    ...ordered.typed,
    members: [
      { kind: 'rds', resource: databaseName, continuous: true },
      { kind: 'efs', resource: fileSystemId, parameter: filesParameter, tier: 2 },
      { kind: 'ebs', instance: { tags: { Name: 'orders-db' } }, volumes: 'data', tier: 2 },
    ],
    // No longer than RDS keeps moments.
    retention: { days: 7, minimum: 3 },
  },
};
/** Its snapshots are taken by the guest itself. */
const windows1: Subject = {
  ...{ workload: 'orders-windows', instanceId: windowsId, devices: windowsDevices, typed: windows() },
};
/** What an undoing and an abandoning look for comes in two pages, too. */
const paged: Subject = { ...database1, shortPages: 1 };
const twoDays: Subject = { ...appliance1, typed: { ...appliance1.typed, retention: { days: 2, minimum: 1 } } };

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
};

/** The stage with its workload, and what every scenario of it tells. */
const settingOf = ({ typed, shortPages = 0.25, ...subject }: Subject) => ({
  ...subject,
  open: async (seed: number): Promise<Stage> => {
    const stage = await openStage({
      policy: nightly({ [subject.workload]: typed }),
      ...{ seed, startMs, sns: { confirmAfterMs: 0 }, ec2: { durations, shortPages } },
      ...managedDurations,
    });
    if (subject.hasFiles) launchOrders(stage);
    else if (subject.heldMs !== undefined) stage.services.rds.world.launch({ name: databaseName });
    if (subject.instanceId === windowsId) launchWindows(stage);
    for (const path of subject.temporary ?? []) {
      await stage.services.ec2.world.guest(subject.instanceId).write(path, 'of that night');
    }
    return stage;
  },
});

/** What goes wrong in the scenario itself, armed where its faults begin. */
type Trouble = (stage: Stage, scenario: Scenario) => void;
type More = Pick<Scenario, 'after' | 'denies'> & { readonly trouble?: Trouble };

const nightOf = (name: string, subject: Subject, { trouble, ...more }: More = {}): Scenario => {
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

const recoveryOf = (name: string, subject: Subject, { trouble, ...more }: More = {}): Scenario => {
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
      return liveRecovery(stage, subject.workload);
    },
  };
  return scenario;
};

/** The morning after three nights, of which the policy keeps two: the digest, the watch, and the oldest point is retired. */
const morningOf = (name: string, subject: Subject, after: readonly Scenario[]): Scenario => ({
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

/** The first night's quiesce fails. */
const quiesceFails: Trouble = ({ services: { ec2 }, clock }, { instanceId }) => {
  const untilMs = clock.nowMs() + hourMs;
  ec2.world
    .guest(instanceId)
    .installProgram('/opt/holdfast/quiesce', (machine) =>
      clock.nowMs() > untilMs && machine.holdApplication('postgres') ? 0 : 1,
    );
};

/** The first night's copy of the files never ends: it is stopped with the window. */
const copyNeverEnds: Trouble = ({ services: { backup } }) => backup.arrange.nextJob('never');

/** Scheduler does not fire the first night. */
const scheduleIsLost: Trouble = ({ faults, clock }) => {
  const untilMs = clock.nowMs() + hourMs;
  faults.add({ source: 'aws.scheduler', times: Infinity, outcome: 'drop', when: () => clock.nowMs() < untilMs });
};

const verifyFails: Trouble = ({ services: { ec2 } }, { instanceId }) =>
  ec2.world
    .guest(instanceId)
    .installProgram('/opt/holdfast/verify', () => ({ exitCode: 3, stdout: '', stderr: 'no rows' }));

/** Somebody stops the execution in this state. */
const stoppedIn =
  (state: string): Trouble =>
  (stage, scenario) =>
    void whenIn(stage, scenario, { state, afterMs: 200 }, (executionArn) => stopExecution(stage, executionArn));

/** EC2 takes the first volume and refuses all others, of one step only. */
const attachFailsAfterOne: Trouble = ({ faults, services: { lambda } }) => {
  faults.add({
    ...{ service: 'ec2', operation: 'AttachVolume', caller: `function:${functionOf(lambda.names(), 'AttachVolumes')}` },
    ...{ skip: 1, times: Infinity },
    effect: { kind: 'refuse', code: 'InvalidParameterValue', message: 'Invalid value for device.', status: 400 },
  });
};

/** The volume that was there cannot be attached again. */
const attachIsDenied: Trouble = (stage, scenario) => {
  verifyFails(stage, scenario);
  stage.faults.add({
    ...{ service: 'ec2', operation: 'AttachVolume', times: Infinity },
    caller: `function:${functionOf(stage.services.lambda.names(), 'RollBack')}`,
    effect: { kind: 'refuse', code: 'UnauthorizedOperation', message: 'You are not authorized.', status: 403 },
  });
};

const databaseNight = nightOf('database-night', database1);
const unquiescedNight = nightOf('unquiesced-night', database1, { after: [databaseNight], trouble: quiesceFails });
const databaseRecovery = recoveryOf('database-recovery', database1);
const undoneRecovery = recoveryOf('undone-recovery', database1, { after: [databaseRecovery], trouble: verifyFails });

const orderedRecovery = recoveryOf('ordered-recovery', ordered, { after: [databaseRecovery, undoneRecovery] });
const orderedNight = nightOf('ordered-night', ordered, { after: [databaseNight] });
const filedNight = nightOf('filed-night', filed, { after: [databaseNight, orderedNight] });

export const scenarios = {
  'database-night': databaseNight,
  'appliance-night': nightOf('appliance-night', appliance1, { after: [databaseNight] }),
  'unquiesced-night': unquiescedNight,
  'unheld-night': nightOf('unheld-night', unheldAllowed, {
    after: [databaseNight, unquiescedNight],
    trouble: quiesceFails,
  }),
  'stopped-night': nightOf('stopped-night', database1, {
    after: [databaseNight, unquiescedNight],
    trouble: stoppedIn('BeginTiers'),
  }),
  'missed-night': nightOf('missed-night', database1, { after: [databaseNight], trouble: scheduleIsLost }),
  'windows-night': nightOf('windows-night', windows1, { after: [databaseNight] }),
  'ordered-night': orderedNight,
  'filed-night': filedNight,
  'endless-night': nightOf('endless-night', filed, {
    after: [databaseNight, unquiescedNight, orderedNight, filedNight],
    trouble: copyNeverEnds,
  }),
  'appliance-morning': morningOf('appliance-morning', twoDays, [databaseNight]),
  'database-recovery': databaseRecovery,
  'appliance-recovery': recoveryOf('appliance-recovery', appliance1, { after: [databaseRecovery] }),
  'undone-recovery': undoneRecovery,
  'cleaned-recovery': recoveryOf('cleaned-recovery', littered, { after: [databaseRecovery, undoneRecovery] }),
  'ordered-recovery': orderedRecovery,
  'filed-recovery': recoveryOf('filed-recovery', filed, {
    after: [databaseRecovery, undoneRecovery, orderedRecovery],
  }),
  'half-attached-recovery': recoveryOf('half-attached-recovery', database1, {
    after: [databaseRecovery, undoneRecovery],
    trouble: attachFailsAfterOne,
  }),
  'stopped-recovery': recoveryOf('stopped-recovery', database1, {
    after: [databaseRecovery, undoneRecovery],
    trouble: stoppedIn('DetachVolumes'),
  }),
  'stranded-recovery': recoveryOf('stranded-recovery', paged, {
    after: [databaseRecovery, undoneRecovery],
    denies: ['RollBack AttachVolume'],
    trouble: attachIsDenied,
  }),
} as const satisfies Record<string, Scenario>;
