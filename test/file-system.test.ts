/** A night of a workload whose files are on EFS: AWS Backup copies them while the application is down, and no longer. */
import { BackupClient, DeleteRecoveryPointCommand } from '@aws-sdk/client-backup';
import { afterEach, describe, expect, it } from 'vitest';
import { guardMs } from '#domain/cut.ts';
import { firstRun, isDatabaseHeld, mails, stopExecution, untilFree, untilHeld } from './scenario/holding.ts';
import { database, nightly } from './scenario/policy.ts';
import { functionNamed } from './scenario/recovering.ts';
import {
  closeStage,
  dayMs,
  hourMs,
  minuteMs,
  night,
  openStage,
  pointsIn,
  runsIn,
  type Stage,
} from './scenario/stage.ts';
import { stopSweep } from './scenario/sweeps.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

const id = 'fs-0a1b2c3d4e5f60718';
const files = { '/orders/1': 'one', '/orders/2': 'two', '/orders/3': 'three' };
const hook = { kind: 'command', quiesce: '/opt/holdfast/quiesce', release: '/opt/holdfast/release' } as const;
const members = [
  { kind: 'rds', resource: 'orders' },
  { kind: 'efs', resource: id, tier: 2 },
  { kind: 'ebs', instance: { tags: { Name: 'orders-db' } }, volumes: 'data', tier: 3 },
] as const;
const workload = (changes: object = {}) =>
  database({
    members: [...members],
    quiesce: { hooks: [{ ...hook, deadlineSeconds: 3600 }], onFailure: 'abort' },
    ...changes,
  });

async function open(changes = {}, system = {}): Promise<void> {
  stage = await openStage({ policy: nightly({ 'orders-db': workload(changes) }) });
  stage.services.rds.world.launch({ name: 'orders' });
  stage.services.efs.world.create({ id, files, tags: { team: 'orders' }, ...system });
}

/** No database before it. */
const alone = { members: [members[1], members[2]] };
const jobs = () => [...stage.services.backup.world.jobs.values()];

describe('a file system in a set', () => {
  it('is copied between the database and the disks, and let go when the copy is complete', async () => {
    await open();
    await untilHeld(stage);
    const heldMs = await untilFree(stage, 2 * hourMs);
    await stage.time.advance(hourMs);
    const [point] = await pointsIn(stage, 'orders-db');
    const of = (kind: string) => point?.artifacts.filter((artifact) => artifact.kind === kind) ?? [];
    const [copy] = of('efs');
    const [job] = jobs();
    expect(copy).toMatchObject({
      source: id,
      state: 'completed',
      startedAt: new Date(job?.createdMs ?? 0).toISOString(),
      cut: { lower: new Date(job?.createdMs ?? 0).toISOString(), upper: new Date(job?.endedMs ?? 0).toISOString() },
      detail: { recoveryPointArn: job?.pointArn, tags: { team: 'orders' }, mountTargets: [{ subnetId: 'subnet-0a' }] },
    });
    const databaseMs = Date.parse(of('rds')[0]?.cut?.upper ?? '');
    expect(Date.parse(copy?.cut?.lower ?? '')).toBeGreaterThanOrEqual(databaseMs + guardMs);
    for (const disk of of('ebs')) {
      expect(Date.parse(disk.startedAt)).toBeGreaterThanOrEqual((job?.endedMs ?? 0) + guardMs);
    }
    // Six minutes of RDS, eight and a half of AWS Backup, and a guard before the disks.
    expect(heldMs).toBeGreaterThan(15 * minuteMs);
    expect(heldMs).toBeLessThan(17 * minuteMs);
    expect(point?.verdict.consistency).toBe('application-consistent');
    expect(mails(stage)).toEqual([]);
  });

  it('has its copy in the stack’s own vault, with the tags by which it is known', async () => {
    await open(alone);
    await untilHeld(stage);
    await untilFree(stage, hourMs);
    await stage.time.advance(hourMs);
    const [copy] = stage.services.backup.world.points.values();
    expect(copy?.vault).toBe(stage.deployed.HoldfastVault);
    expect(Object.fromEntries(copy?.content ?? [])).toEqual(files);
    expect(Object.fromEntries(copy?.tags ?? [])).toMatchObject({
      'holdfast:workload': 'orders-db',
      'holdfast:verdict': 'application-consistent',
      'holdfast:cut-upper': expect.any(String),
    });
  });
});

describe('a job that does not come to a good end', () => {
  it.each([
    ['FAILED', 'Backup job failed.'],
    ['PARTIAL', 'Some of it could not be copied.'],
    ['issues', 'Completed with issues.'],
    ['EXPIRED', 'Backup job expired before it began.'],
  ] as const)('%s ends the run, lets go, and is mailed in AWS Backup’s words', async (end, words) => {
    await open(alone);
    stage.services.backup.arrange.nextJob(end);
    await untilHeld(stage);
    await untilFree(stage, hourMs);
    await stage.time.advance(hourMs);
    expect((await firstRun(stage)).failure?.message).toContain(words);
    expect(mails(stage)).toHaveLength(1);
    expect(stage.calls.of('backup', 'TagResource')).toEqual([]);
  });

  it('is stopped when the window is over, and nothing of it is left', async () => {
    await open({ ...alone, window: '20m' });
    stage.services.backup.arrange.nextJob('never');
    await untilHeld(stage);
    const heldMs = await untilFree(stage, hourMs);
    await stage.time.advance(minuteMs);
    expect(heldMs).toBeLessThan(22 * minuteMs);
    expect(jobs().map(({ state }) => state)).toEqual(['ABORTED']);
    expect(stage.services.backup.world.points.size).toBe(0);
    expect((await firstRun(stage)).failure?.message).toContain('window was over');
  });

  it('is stopped by a later sweep when AWS Backup has refused that at first, and is told once', async () => {
    await open({ members: [{ ...members[2], tier: 1 }, members[1]], window: '20m' });
    stage.services.backup.arrange.nextJob('never');
    const effect = { kind: 'refuse', code: 'AccessDeniedException', message: 'Not now.', status: 403 } as const;
    stage.faults.add({ service: 'backup', operation: 'StopBackupJob', effect });
    await untilHeld(stage);
    await untilFree(stage, hourMs);
    expect(jobs().map(({ state }) => state)).toEqual(['RUNNING']);
    await stage.time.advance(12 * minuteMs);
    expect(jobs().map(({ state }) => state)).toEqual(['ABORTED']);
    expect((await firstRun(stage)).state).toBe('failed');
    expect(mails(stage)).toHaveLength(1);
  });

  it('is told when the role may not read the file system', async () => {
    await open(alone);
    stage.faults.add({
      service: 'elasticfilesystem',
      operation: 'Backup',
      effect: {
        kind: 'refuse',
        code: 'AccessDeniedException',
        message: 'The file system’s policy denies it.',
        status: 403,
      },
    });
    await untilHeld(stage);
    await untilFree(stage, hourMs);
    await stage.time.advance(minuteMs);
    expect((await firstRun(stage)).failure?.message).toContain('The file system’s policy denies it.');
  });
});

describe('a plan', () => {
  const refusal = async () => (await firstRun(stage)).failure?.message ?? '';

  it('is refused while the file system is backed up automatically, with the command that ends that', async () => {
    await open(alone, { backupPolicy: 'ENABLED' });
    await stage.time.advance(3 * hourMs);
    expect(await refusal()).toContain(
      `aws efs put-backup-policy --file-system-id ${id} --backup-policy Status=DISABLED`,
    );
    expect((await firstRun(stage)).window).toBeUndefined();
  });

  it('is refused when a first copy cannot fit into the window', async () => {
    const TiB = 1024 ** 4;
    await open(alone, { settings: { SizeInBytes: { Value: 2 * TiB } } });
    await stage.time.advance(3 * hourMs);
    expect(await refusal()).toContain(
      'The window is over after 1 h, and all that is done in it takes 1 h 33 min at least: efs fs-0a1b2c3d4e5f60718: a first backup of it takes at least 1 h 31 min; tier 3 begins 1 min later. Give the workload a longer window: 2h.',
    );
  });

  it('is refused when the last copy took longer than the window', async () => {
    await open(alone);
    await night(stage);
    const [job] = jobs();
    if (job !== undefined) job.endedMs = job.createdMs + 90 * minuteMs;
    await stage.time.advance(dayMs);
    const [newest] = await runsIn(stage, 'orders-db');
    expect(newest?.failure?.message).toMatch(
      /The window is over after 1 h, and .* its last backup took 1 h 30 min; tier 3 begins 1 min later. Give the workload a longer window: 2h/,
    );
    expect(isDatabaseHeld(stage)).toBe(false);
  });

  it('is refused when the database before it leaves it too little of the window, and shows the sum', async () => {
    await open();
    await night(stage);
    const [job] = jobs();
    if (job !== undefined) job.endedMs = job.createdMs + 54 * minuteMs;
    await stage.time.advance(dayMs);
    const [newest] = await runsIn(stage, 'orders-db');
    expect(newest?.failure?.message).toMatch(
      /The window is over after 1 h, and all that is done in it takes 1 h \d min at least: to hold it still took \d+ s in the last run; tier 1 took \d min in the last run; tier 2 begins 1 min later; efs fs-0a1b2c3d4e5f60718: its last backup took 54 min; tier 3 begins 1 min later.* Give the workload a longer window: 2h/,
    );
    expect(isDatabaseHeld(stage)).toBe(false);
  });

  it('is refused where the Region’s settings leave EFS out', async () => {
    await open(alone);
    stage.services.backup.arrange.optOut('EFS');
    await stage.time.advance(3 * hourMs);
    expect(await refusal()).toContain('aws backup update-region-settings');
  });

  it('waits for somebody else’s job on the file system', async () => {
    await open(alone);
    await stage.time.advance(2 * hourMs - 5 * minuteMs);
    const { arn } = stage.services.efs.world.fileSystem(id);
    stage.services.backup.world.startElsewhere(arn);
    await untilHeld(stage);
    await untilFree(stage, hourMs);
    await stage.time.advance(hourMs);
    expect(await pointsIn(stage, 'orders-db')).toHaveLength(1);
    expect(mails(stage)).toEqual([]);
  });

  it('is refused when there is no such file system', async () => {
    stage = await openStage({ policy: nightly({ 'orders-db': workload(alone) }) });
    await stage.time.advance(3 * hourMs);
    expect(await refusal()).toContain(`efs ${id} does not exist`);
  });
});

describe('the end of a copy', () => {
  const retireNow = () => stage.invoke(functionNamed(stage, 'Retire'));
  const pointsInVault = () => [...stage.services.backup.world.points.values()];

  /** Two nights, of which the first has expired. */
  async function untilExpired(): Promise<void> {
    await open({ ...alone, retention: { days: 1, minimum: 1 } });
    stopSweep(stage, 'Retire');
    await night(stage);
    await night(stage);
    await stage.time.advance(2 * hourMs);
  }

  it('is told only when AWS Backup has it no more', async () => {
    await untilExpired();
    expect(pointsInVault().map(({ status }) => status)).toEqual(['COMPLETED', 'COMPLETED']);
    expect((await retireNow()).payload).toEqual({ retired: 0, blocked: 1 });
    expect(pointsInVault().map(({ status }) => status)).toEqual(['DELETING', 'COMPLETED']);
    expect((await retireNow()).payload).toEqual({ retired: 0, blocked: 1 });
    await stage.time.advance(5 * minuteMs);
    expect((await retireNow()).payload).toEqual({ retired: 1, blocked: 0 });
    expect(pointsInVault()).toHaveLength(1);
  });

  it('is tried again, and mailed, when AWS Backup said that it would and did not', async () => {
    await untilExpired();
    stage.services.backup.arrange.nextDeletionFails();
    await retireNow();
    expect(pointsInVault()[0]?.status).toBe('EXPIRED');
    expect((await retireNow()).payload).toEqual({ retired: 0, blocked: 1 });
    await stage.time.advance(10 * minuteMs);
    expect(mails(stage)).toHaveLength(1);
    expect((await retireNow()).payload).toEqual({ retired: 1, blocked: 0 });
  });

  it('comes a day after the run has failed, also of a job that nobody heard of', async () => {
    await open(alone);
    const lost = { service: 'backup', operation: 'StartBackupJob', effect: { kind: 'lose-reply' } } as const;
    stage.faults.add({ ...lost, times: Infinity });
    await untilHeld(stage);
    await untilFree(stage, 2 * hourMs);
    await stage.time.advance(hourMs);
    expect((await firstRun(stage)).artifacts).toEqual([]);
    expect(jobs()).toHaveLength(1);
    stage.faults.clear();
    await stage.time.advance(28 * hourMs);
    expect(pointsInVault().map(({ tags }) => tags.get('holdfast:run'))).toEqual([
      (await runsIn(stage, 'orders-db'))[0]?.id,
    ]);
  });
});

describe('a sealed copy', () => {
  it('is there though AWS Backup has forgotten the job that made it', async () => {
    await open(alone);
    await night(stage);
    stage.services.backup.arrange.forgetJobs();
    await stage.time.advance(dayMs);
    expect((await pointsIn(stage, 'orders-db')).map(({ broken }) => broken)).toEqual([undefined, undefined]);
  });

  it('is missed when somebody has deleted it', async () => {
    await open(alone);
    await night(stage);
    const [point] = await pointsIn(stage, 'orders-db');
    const RecoveryPointArn = jobs()[0]?.pointArn;
    const BackupVaultName = stage.deployed.HoldfastVault;
    await stage.drive(new BackupClient({}).send(new DeleteRecoveryPointCommand({ BackupVaultName, RecoveryPointArn })));
    await stage.time.advance(dayMs + hourMs);
    const now = (await pointsIn(stage, 'orders-db')).find(({ id: known }) => known === point?.id);
    expect(now?.broken?.problem).toContain('does not exist any more');
  });
});

it('asks for one job however often a reply is lost', async () => {
  await open(alone);
  stage.faults.add({ service: 'backup', operation: 'StartBackupJob', times: 4, effect: { kind: 'lose-reply' } });
  await untilHeld(stage);
  await untilFree(stage, hourMs);
  await stage.time.advance(hourMs);
  expect(jobs()).toHaveLength(1);
  expect(await pointsIn(stage, 'orders-db')).toHaveLength(1);
});

describe('an execution that is stopped while AWS Backup copies', () => {
  it('leaves no job that goes on for hours', async () => {
    await open(alone);
    stage.services.backup.arrange.nextJob('never');
    await untilHeld(stage);
    await stage.time.advance(2 * minuteMs);
    await stopExecution(stage);
    await stage.time.advance(hourMs + 2 * minuteMs);
    expect((await firstRun(stage)).state).toBe('failed');
    expect(jobs().map(({ state }) => state)).toEqual(['ABORTED']);
  });

  it('makes of a set that was all begun a point that claims nothing for what was read after the release', async () => {
    await open({ members: [{ ...members[2], tier: 1 }, members[1]] });
    await untilHeld(stage);
    await stage.time.advance(2 * minuteMs);
    await stopExecution(stage);
    await untilFree(stage, hourMs);
    await stage.time.advance(hourMs);
    const [point] = await pointsIn(stage, 'orders-db');
    expect(point?.verdict.consistency).toBe('crash-consistent');
    expect(point?.verdict.evidence.join()).toContain('not before the release');
    expect(point?.artifacts.find(({ kind }) => kind === 'efs')?.detail).toMatchObject({
      recoveryPointArn: jobs()[0]?.pointArn,
    });
  });
});
