/** Recoveries of what AWS Backup copies by its ARN: a new one of each beside the present one, by a job. The region simulates AWS Backup, and of what it restores no more than the ARN. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PolicyInput } from '#domain/policy-schema.ts';
import { denied } from '#simulator/kernel/faults.ts';
import { database, nightly } from './scenario/policy.ts';
import { abort, begin, emptyLedger, end, failureOf, recover, recovered } from './scenario/recovering.ts';
import { closeStage, night, openStage, pointsIn, redeploy, type Stage, until } from './scenario/stage.ts';

let stage: Stage;

const cluster = 'arn:aws:rds:eu-west-1:111122223333:cluster:catalogue';
const windows = 'arn:aws:fsx:eu-west-1:111122223333:file-system/fs-0f5a0000';
const volume = 'arn:aws:fsx:eu-west-1:111122223333:volume/fs-0f5a1111/fsvol-0a1b2c3d';
const gatewayVolume = 'arn:aws:storagegateway:eu-west-1:111122223333:gateway/sgw-1A2B3C4D/volume/vol-1122AABB';
const bucket = 'arn:aws:s3:::orders';
const hook = { kind: 'command', quiesce: '/opt/holdfast/quiesce', release: '/opt/holdfast/release' } as const;
const disk = { kind: 'ebs', instance: { tags: { Name: 'orders-db' } }, volumes: 'data', tier: 3 } as const;

type Member = PolicyInput['workloads'][string]['members'][number];
type Choice = Extract<Member, { kind: 'aws-backup' }>['restore'];
type Choices = Readonly<Record<string, Choice>>;

const choices: Choices = {
  [volume]: { storageVirtualMachine: 'svm-0a1b2c3d', sizeMegabytes: 1024 },
  [gatewayVolume]: { zone: 'eu-west-1a' },
};

const member = (resource: string, restore: Choice, tier = 2) =>
  ({ kind: 'aws-backup', resource, tier, ...(restore === undefined ? {} : { restore }) }) as const;

/** A set with a disk, and a workload of a bucket alone. */
const policyOf = (of: Choices = choices) =>
  nightly({
    'orders-db': database({
      members: [
        member(cluster, of[cluster], 1),
        ...[windows, volume, gatewayVolume].map((resource) => member(resource, of[resource])),
        disk,
      ],
      quiesce: { hooks: [{ ...hook, deadlineSeconds: 3600 }], onFailure: 'abort' },
    }),
    invoices: database({ members: [member(bucket, of[bucket], 1)], quiesce: {}, recovery: {} }),
  });

beforeEach(async () => {
  stage = await openStage({ policy: policyOf() });
  const { world } = stage.services.backup;
  for (const resource of [cluster, windows, gatewayVolume, bucket]) world.add(resource);
  world.add(volume, { told: { OntapConfiguration: '{"junctionPath":"/data"}' } });
  await night(stage);
});

afterEach(() => closeStage(stage));

const restores = () => [...stage.services.backup.world.restores.values()];
const restoreOf = (source: string) => restores().find(({ point }) => point.source.arn === source);
const lastMail = () => stage.inbox('backups@example.com').at(-1)?.message ?? '';
const dryRun = async (workload: string) =>
  JSON.parse((await recover(stage, { workload, dryRun: true }, 'look')).output ?? '');

describe('a set', () => {
  it('gets a new one of each beside the present one, with its disks, and says where each is', async () => {
    expect(failureOf(await recover(stage, { workload: 'orders-db' }))).toBe(': ');
    const record = await recovered(stage, 'orders-db');
    expect(record?.state).toBe('committed');
    expect(restores().map(({ state, type }) => `${type} ${state}`)).toEqual(
      expect.arrayContaining(['Aurora COMPLETED', 'FSx COMPLETED', 'FSx volume COMPLETED', 'EBS COMPLETED']),
    );
    for (const source of [cluster, windows, volume, gatewayVolume]) {
      const keeps = record?.plan.targets.find(({ resource }) => resource === source)?.keeps;
      expect(keeps).toContain(`The recovered aws-backup ${source} is ${restoreOf(source)?.createdArn}`);
      expect(keeps).toContain('of before is as it was, and in use until you lead applications to the new one.');
    }
    expect(restoreOf(cluster)?.createdArn).toMatch(/:cluster:catalogue-new-[0-9a-f]{6}$/);
  });

  it('says what a person has still to do, before and after', async () => {
    const { calls } = await dryRun('orders-db');
    const byHand = calls.filter((line: string) => line.startsWith('# by hand: ')).join('\n');
    expect(byHand).toMatch(/aws rds create-db-instance .* --db-cluster-identifier catalogue-new-[0-9a-f]{6}/);
    expect(byHand).toContain('aws fsx describe-file-systems');
    expect(byHand).toContain('aws ec2 attach-volume');
    expect(calls.join('\n')).toContain('--resource-type EBS --metadata \'{"availabilityZone":"eu-west-1a"}\'');
    expect(restores()).toEqual([]);
    await recover(stage, { workload: 'orders-db' });
    expect(lastMail()).toContain('aws rds create-db-instance');
  });

  it('is refused before anything is touched while one of them lacks what AWS Backup must be told', async () => {
    await redeploy(stage, policyOf({}));
    const failure = failureOf(await recover(stage, { workload: 'orders-db' }));
    expect(failure).toContain(`InvalidRequest: AWS Backup cannot restore ${volume} without more input`);
    expect(failure).toContain('restore: { storageVirtualMachine: …, sizeMegabytes: … }');
    expect(failure).toContain('restore: { zone: … }');
    expect(restores()).toEqual([]);
  });

  it.each(['FAILED', 'ABORTED'] as const)('is as it was when a job has %s, and what was made is left', async (end) => {
    stage.services.backup.arrange.nextRestore(end);
    await recover(stage, { workload: 'orders-db' });
    const record = await recovered(stage, 'orders-db');
    expect(record?.state).toBe('rolled-back');
    expect(record?.failure?.message).toContain(`is not restored: the restore job ${restores()[0]?.id} is ${end}`);
    const leaves = (record?.plan.targets ?? []).map((target) => target.leaves ?? '').join('\n');
    for (const { createdArn } of restores().filter(({ state }) => state === 'COMPLETED')) {
      expect(leaves).toContain(createdArn);
    }
    expect(leaves.includes(restores()[0]?.id ?? '')).toBe(false);
  });

  it('says of a job that goes on when it is rolled back which one that is', async () => {
    stage.services.backup.arrange.nextRestore('never');
    await recover(stage, { workload: 'orders-db' });
    const record = await recovered(stage, 'orders-db');
    expect(record?.state).toBe('rolled-back');
    const leaves = record?.plan.targets.flatMap((target) => target.leaves ?? []).join('\n');
    expect(leaves).toContain(restores()[0]?.createdArn);
  });
});

describe('a bucket', () => {
  it('goes to a new one, which the restore role may make, and no other', async () => {
    expect(failureOf(await recover(stage, { workload: 'invoices' }))).toBe(': ');
    expect(restoreOf(bucket)).toMatchObject({
      metadata: { DestinationBucketName: expect.stringMatching(/^orders-new-[0-9a-f]{6}$/), NewBucket: 'true' },
      copiesTags: false,
      state: 'COMPLETED',
    });
    expect(lastMail()).toContain('aws s3api put-bucket-policy --bucket orders-new-');
  });

  it('goes to the one that the policy names, if it is there', async () => {
    await redeploy(stage, policyOf({ ...choices, [bucket]: { bucket: 'spare' } }));
    await recover(stage, { workload: 'invoices' });
    const failed = await recovered(stage, 'invoices');
    expect(failed).toMatchObject({
      state: 'rolled-back',
      failure: { message: expect.stringContaining('There is no') },
    });
    expect(failed?.plan.targets[0]?.leaves).toBeUndefined();
    stage.services.backup.world.add('arn:aws:s3:::spare');
    const point = (await pointsIn(stage, 'invoices'))[0]?.id;
    expect(failureOf(await recover(stage, { workload: 'invoices', point }, 'again'))).toBe(': ');
    expect(restores().at(-1)?.createdArn).toBe('arn:aws:s3:::spare');
  });

  it('that was begun though no answer came is found, and named when the recovery is rolled back', async () => {
    stage.faults.add({ service: 'backup', operation: 'StartRestoreJob', effect: { kind: 'lose-reply' }, times: 50 });
    const execution = await begin(stage, { workload: 'invoices' });
    await until(stage, 'the job is begun', () => restores().length > 0);
    await abort(stage, execution);
    await end(stage);
    const record = await recovered(stage, 'invoices');
    expect(record?.state).toBe('rolled-back');
    expect(restores()).toHaveLength(1);
    expect(record?.plan.targets[0]?.leaves).toContain(restores()[0]?.createdArn);
  });

  it('is told as stranded, with what is where, when AWS Backup answers neither recovery nor roll back', async () => {
    const operation = 'DescribeProtectedResource';
    stage.faults.add({ service: 'backup', operation, effect: denied(), skip: 1, times: 2 });
    await recover(stage, { workload: 'invoices' });
    const record = await recovered(stage, 'invoices');
    expect(record).toMatchObject({ state: 'stranded' });
    expect(record?.leftovers?.join('\n')).toContain(bucket);
  });

  it('is known from its tags when the ledger is gone', async () => {
    await emptyLedger(stage, 'invoices');
    expect(failureOf(await recover(stage, { workload: 'invoices' }))).toBe(': ');
    expect(restoreOf(bucket)?.state).toBe('COMPLETED');
  });

  it('is refused when its recovery point is gone', async () => {
    stage.services.backup.arrange.forgetPoints();
    expect(failureOf(await recover(stage, { workload: 'invoices' }))).toMatch(
      /InvalidRequest: AWS Backup does not say how the recovery point .* of arn:aws:s3:::orders is restored: it is gone/,
    );
  });
});
