/** A night and a recovery of a workload whose database is an Aurora cluster and whose files are on EBS. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allFixedMs, guardMs } from '#domain/cut.ts';
import type { Recovery } from '#domain/recovery.ts';
import { changeRecovery } from '#ledger/recoveries.ts';
import { denied, firstRun, mails, untilFree, untilHeld } from './scenario/holding.ts';
import { database, nightly } from './scenario/policy.ts';
import { failureOf, recover, recovered } from './scenario/recovering.ts';
import { closeStage, dayMs, hourMs, openStage, pointsIn, redeploy, type Stage } from './scenario/stage.ts';
import { thinOutSweeps } from './scenario/sweeps.ts';

let stage: Stage;

const policyWith = (changes = {}) =>
  nightly({
    'orders-db': database({
      members: [
        { kind: 'aurora', resource: 'orders' },
        { kind: 'ebs', instance: { tags: { Name: 'orders-db' } }, volumes: 'data', tier: 2 },
      ],
      quiesce: {
        hooks: [
          {
            kind: 'command',
            quiesce: '/opt/holdfast/quiesce',
            release: '/opt/holdfast/release',
            deadlineSeconds: 3600,
          },
        ],
        onFailure: 'abort',
      },
      ...changes,
    }),
  });

const rds = () => stage.services.rds;
const cluster = () => rds().world.cluster('orders');
const instancesOf = (name: string) =>
  [...rds().world.instances.values()].filter(({ settings }) => settings.DBClusterIdentifier === name);

beforeEach(async () => {
  stage = await openStage({ policy: policyWith() });
  rds().world.launchCluster({ name: 'orders', tags: { team: 'orders' } });
  cluster().rows.push('order 1 in file a');
});

afterEach(() => closeStage(stage));

describe('a night', () => {
  it('takes the disk only when the cluster was seen to be fixed for a guard', async () => {
    await untilHeld(stage);
    await untilFree(stage, hourMs);
    await stage.time.advance(hourMs);
    const [point] = await pointsIn(stage, 'orders-db');
    const [snapshot] = point?.artifacts.filter(({ kind }) => kind === 'aurora') ?? [];
    const disks = point?.artifacts.filter(({ kind }) => kind === 'ebs') ?? [];
    expect(disks).toHaveLength(4);
    expect(snapshot).toMatchObject({
      ...{ source: 'orders', state: 'completed' },
      detail: {
        engineVersion: '15.8',
        tags: { team: 'orders' },
        instances: [{ promotionTier: 0 }, { promotionTier: 1 }],
      },
    });
    expect(snapshot?.id.length).toBeLessThanOrEqual(63);
    const fixedMs = allFixedMs(snapshot === undefined ? [] : [snapshot]);
    for (const { startedAt } of disks) expect(Date.parse(startedAt)).toBeGreaterThanOrEqual(fixedMs + guardMs);
    expect(point?.verdict.consistency).toBe('application-consistent');
    expect(mails(stage)).toEqual([]);
  });

  it('lets go and mails when the cluster’s snapshot fails, and takes no disk', async () => {
    rds().arrange.nextClusterSnapshotFails();
    await untilHeld(stage);
    await untilFree(stage, hourMs);
    await stage.time.advance(hourMs);
    const run = await firstRun(stage);
    expect(run.failure?.message).toContain('aurora orders');
    expect(run.artifacts.filter(({ kind }) => kind === 'ebs')).toEqual([]);
    expect(mails(stage)).toHaveLength(1);
  });

  it('deletes the snapshot when its time is over', async () => {
    await redeploy(stage, policyWith({ retention: { days: 1, minimum: 1 } }));
    thinOutSweeps(stage, 1);
    await stage.time.advance(3 * dayMs);
    const points = await pointsIn(stage, 'orders-db');
    const kept = points.filter(({ retire }) => retire?.doneAt === undefined);
    expect(kept.length).toBeLessThan(points.length);
    expect(rds().world.clusterSnapshots.size).toBe(kept.length);
  });

  it.each([
    ['stopped', {}, 'aurora orders is stopped'],
    ['available', { Engine: 'mysql' }, 'is a cluster of mysql, a Multi-AZ DB cluster, which no kind of member takes'],
    [
      'available',
      { Engine: 'docdb' },
      "Name it so: { kind: aws-backup, resource: 'arn:aws:rds:eu-west-1:111122223333:cluster:orders' }",
    ],
    ['available', { EngineMode: 'serverless' }, 'is Aurora Serverless v1'],
  ])('refuses a cluster that is %s %j, before anything is held still', async (status, settings, reason) => {
    Object.assign(cluster(), { status, settings: { ...cluster().settings, ...settings } });
    await stage.time.advance(3 * hourMs);
    const run = await firstRun(stage);
    expect(run.failure).toMatchObject({ name: 'InvalidRequest', message: expect.stringContaining(reason) });
    expect(run.window).toBeUndefined();
  });
});

/** As another version of this software may have written it. */
const withoutDetailOfCluster = ({ plan, ...recovery }: Recovery): Recovery => ({
  ...recovery,
  plan: {
    ...plan,
    targets: plan.targets.map((target) => (target.kind === 'aurora' ? { ...target, detail: {} } : target)),
  },
});

describe('a recovery', () => {
  const portrait = () => {
    const { status, resourceId, settings, rows, tags } = cluster();
    const instances = instancesOf('orders').map(({ name }) => name);
    return { status, resourceId, settings, rows: [...rows], tags: Object.fromEntries(tags), instances };
  };

  beforeEach(async () => {
    await stage.time.advance(4 * hourMs);
    expect(await pointsIn(stage, 'orders-db')).toHaveLength(1);
    cluster().rows.push('order 2 in file b, a mistake');
  });

  it('has rows, settings and instances of then under the name that applications know; the replaced one is kept', async () => {
    const before = portrait();
    const execution = await recover(stage, { workload: 'orders-db' });
    expect(failureOf(execution)).toBe(': ');
    const recovery = await recovered(stage, 'orders-db');
    expect(recovery?.state).toBe('committed');
    expect(recovery?.plan?.warnings.join('\n')).toContain('orders-1, orders-2 stay with the replaced cluster');
    const after = portrait();
    expect(after.rows).toEqual(['order 1 in file a']);
    expect(after.resourceId).not.toBe(before.resourceId);
    expect(after.settings).toMatchObject(before.settings);
    expect(after.tags).toMatchObject({ team: 'orders', 'holdfast:role': 'restored' });
    const insights = {
      ...{ PerformanceInsightsEnabled: true, PerformanceInsightsRetentionPeriod: 465 },
      PerformanceInsightsKMSKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/insights',
      CACertificateIdentifier: 'rds-ca-rsa4096-g1',
    };
    expect(instancesOf('orders').map(({ settings }) => settings)).toMatchObject([insights, insights]);
    expect(instancesOf('orders').map(({ name, status, settings }) => [name, status, settings.PromotionTier])).toEqual([
      [expect.stringMatching(/^orders-new-.*-1$/), 'available', 0],
      [expect.stringMatching(/^orders-new-.*-2$/), 'available', 1],
    ]);
    const kept = [...rds().world.clusters.values()].find(({ name }) => name.startsWith('orders-old-'));
    expect(kept).toMatchObject({ resourceId: before.resourceId, rows: { length: 2 } });
    expect(Object.fromEntries(kept?.tags ?? [])).toMatchObject({ 'holdfast:role': 'replaced' });
    expect(instancesOf(kept?.name ?? '').map(({ name }) => name)).toEqual(before.instances);
  });

  it('makes one cluster with its instances, whatever replies are lost', async () => {
    for (const operation of ['RestoreDBClusterFromSnapshot', 'CreateDBInstance', 'ModifyDBCluster'])
      stage.faults.add({ service: 'rds', operation, effect: { kind: 'lose-reply' }, times: 2 });
    await recover(stage, { workload: 'orders-db' });
    expect(await recovered(stage, 'orders-db')).toMatchObject({ state: 'committed' });
    expect(rds().world.clusters.size).toBe(2);
    expect(instancesOf('orders')).toHaveLength(2);
  });

  it('changes nothing when an instance cannot be made', async () => {
    const before = portrait();
    rds().arrange.nextRestoreFails();
    await recover(stage, { workload: 'orders-db' });
    expect(await recovered(stage, 'orders-db')).toMatchObject({ state: 'rolled-back' });
    expect(portrait()).toEqual(before);
  });

  it('gives both names back when the instance does not start after the clusters have swapped', async () => {
    const before = portrait();
    stage.faults.add({ service: 'ec2', operation: 'AttachVolume', effect: denied, times: 4 });
    await recover(stage, { workload: 'orders-db' });
    expect(await recovered(stage, 'orders-db')).toMatchObject({ state: 'rolled-back' });
    expect(portrait()).toEqual(before);
  });

  it('says which cluster is which when the way back fails, too', async () => {
    stage.faults.add({ service: 'ec2', operation: 'AttachVolume', effect: denied, times: Number.POSITIVE_INFINITY });
    await recover(stage, { workload: 'orders-db' });
    const recovery = await recovered(stage, 'orders-db');
    expect(recovery?.state).toBe('stranded');
    const left = recovery?.leftovers?.join('\n');
    expect(left).toMatch(/aurora orders is cluster-\w+, available \(the original\)/);
    expect(left).toMatch(/aurora orders-new-\w+ is cluster-\w+, available \(made by the recovery\)/);
  });

  it('says of which resource nothing is known, and what is where of the others, when a part of its record cannot be read', async () => {
    const remove = stage.faults.add({
      ...{ service: 'ec2', operation: 'AttachVolume', effect: denied, times: Number.POSITIVE_INFINITY },
    });
    await recover(stage, { workload: 'orders-db' });
    await stage.drive(changeRecovery('orders-db', 'recovery-1', withoutDetailOfCluster));
    remove();
    const again = await recover(stage, { rollBack: { workload: 'orders-db', recoveryId: 'recovery-1' } }, 'again');
    expect(again.error).toBe('Stranded');
    const { application, leftovers = [] } = (await recovered(stage, 'orders-db')) ?? {};
    expect(application).toBe('unknown');
    const unread = 'The record of the recovery of orders does not say what it is replaced by.';
    expect(leftovers[0]).toBe(`Why it could not be rolled back: IntegrityFault: ${unread}`);
    expect(leftovers).toContain(`What is where at orders could not be found out: ${unread}`);
    expect(leftovers.join('\n')).toMatch(/Original vol-\w+, belongs under/);
  });

  it('is refused, before anything is made, when the snapshot is gone', async () => {
    for (const name of rds().world.clusterSnapshots.keys()) rds().arrange.clusterSnapshotDeleted(name);
    const execution = await recover(stage, { workload: 'orders-db' });
    expect(failureOf(execution)).toContain('is gone, and cannot be restored');
  });
});
