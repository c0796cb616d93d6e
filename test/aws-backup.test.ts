/** Nights of members that no kind of their own is for: AWS Backup copies them by their ARNs, and some of its jobs cannot be stopped. */
import { afterEach, expect, it } from 'vitest';
import { guardMs } from '#domain/cut.ts';
import { firstRun, mails, untilFree, untilHeld } from './scenario/holding.ts';
import { database, nightly } from './scenario/policy.ts';
import { functionNamed } from './scenario/recovering.ts';
import { closeStage, dayMs, hourMs, minuteMs, night, openStage, pointsIn, type Stage } from './scenario/stage.ts';
import { stopSweep } from './scenario/sweeps.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

const cluster = 'arn:aws:rds:eu-west-1:111122223333:cluster:catalogue';
const windows = 'arn:aws:fsx:eu-west-1:111122223333:file-system/fs-0f5a0000';
const volume = 'arn:aws:storagegateway:eu-west-1:111122223333:gateway/sgw-1A2B3C4D/volume/vol-1122AABB';
const hook = { kind: 'command', quiesce: '/opt/holdfast/quiesce', release: '/opt/holdfast/release' } as const;

async function open(changes = {}): Promise<void> {
  const members = [
    { kind: 'aws-backup', resource: cluster },
    { kind: 'aws-backup', resource: windows, tier: 2 },
    { kind: 'aws-backup', resource: volume, tier: 2 },
    { kind: 'ebs', instance: { tags: { Name: 'orders-db' } }, volumes: 'data', tier: 3 },
  ] as const;
  const quiesce = { hooks: [{ ...hook, deadlineSeconds: 3600 }], onFailure: 'abort' as const };
  const workload = database({ members: [...members], quiesce, ...changes });
  stage = await openStage({ policy: nightly({ 'orders-db': workload }) });
  for (const resource of [cluster, windows, volume]) stage.services.backup.world.add(resource);
}

const jobs = () => [...stage.services.backup.world.jobs.values()];

it('copies the cluster before the file system, and knows their recovery points when they are there', async () => {
  await open();
  await night(stage);
  const [point] = await pointsIn(stage, 'orders-db');
  const [older, newer] = point?.artifacts.filter(({ kind }) => kind === 'aws-backup') ?? [];
  expect(older).toMatchObject({
    source: cluster,
    detail: { recoveryPointArn: expect.stringContaining('awsbackup:job-') },
  });
  expect(newer).toMatchObject({ source: windows, detail: { recoveryPointArn: expect.stringContaining(':backup/') } });
  expect(Date.parse(newer?.cut?.lower ?? '')).toBeGreaterThanOrEqual(Date.parse(older?.cut?.upper ?? '') + guardMs);
  expect(point?.verdict.consistency).toBe('application-consistent');
  expect(mails(stage)).toEqual([]);
});

it('deletes their recovery points where their services keep them', async () => {
  await open({ retention: { days: 1, minimum: 1 } });
  stopSweep(stage, 'Retire');
  await night(stage);
  await night(stage);
  await stage.time.advance(2 * hourMs);
  const retireNow = () => stage.invoke(functionNamed(stage, 'Retire'));
  await retireNow();
  await stage.time.advance(5 * minuteMs);
  expect((await retireNow()).payload).toMatchObject({ retired: 1 });
  expect(stage.services.backup.world.points.size).toBe(3);
});

it('lets go at the end of the window though the job cannot be stopped, and waits for its end the next night', async () => {
  await open({ window: '20m' });
  stage.services.backup.arrange.nextJob('never');
  await untilHeld(stage);
  expect(await untilFree(stage, hourMs)).toBeLessThan(22 * minuteMs);
  await stage.time.advance(hourMs);
  expect((await firstRun(stage)).failure?.message).toContain('window was over');
  expect(jobs().map(({ state }) => state)).toEqual(['RUNNING']);
  await stage.time.advance(dayMs);
  expect(mails(stage)).toHaveLength(2);
  expect(jobs()).toHaveLength(1);
});
