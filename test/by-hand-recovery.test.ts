/** A set of which a person brings back a part: what AWS Backup copies. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { database, nightly } from './scenario/policy.ts';
import { emptyLedger, failureOf, recover, recovered } from './scenario/recovering.ts';
import { closeStage, night, openStage, pointsIn, type Stage } from './scenario/stage.ts';

let stage: Stage;

const ordersBucket = 'arn:aws:s3:::orders';
const bucket = 'arn:aws:s3:::invoices';
const disk = { kind: 'ebs', instance: { tags: { Name: 'orders-db' } }, volumes: 'data' } as const;
const hook = { kind: 'command', quiesce: '/opt/holdfast/quiesce', release: '/opt/holdfast/release' } as const;
const policy = nightly({
  'orders-db': database({
    members: [disk, { kind: 'aws-backup', resource: ordersBucket }],
    quiesce: { hooks: [{ ...hook, deadlineSeconds: 3600 }], onFailure: 'abort' },
  }),
  invoices: database({ members: [{ kind: 'aws-backup', resource: bucket }], quiesce: {}, recovery: {} }),
});

beforeEach(async () => {
  stage = await openStage({ policy });
  stage.services.backup.world.add(ordersBucket);
  stage.services.backup.world.add(bucket);
  await night(stage);
});

afterEach(() => closeStage(stage));

const copy = async (workload: string, kind: string) =>
  (await pointsIn(stage, workload))[0]?.artifacts.find((artifact) => artifact.kind === kind)?.detail.recoveryPointArn;

it('says what is to be done first, with the command, and changes nothing', async () => {
  const { output = '' } = await recover(stage, { workload: 'orders-db', dryRun: true });
  const { warnings, calls } = JSON.parse(output);
  expect(calls.join('\n')).toMatch(
    /--metadata '\{"EncryptionType":"original","DestinationBucketName":"orders-new-\w{6}","NewBucket":"true"\}'/,
  );
  expect(warnings.join()).toContain(`aws-backup ${ordersBucket} is brought back by hand. Restore it first`);
  expect(calls.filter((line: string) => line.startsWith('# by hand: ')).at(-1)).toContain(
    `aws backup start-restore-job --recovery-point-arn ${await copy('orders-db', 'aws-backup')}`,
  );
  expect(stage.deployed.HoldfastRestoreRole).toContain('RestoreRole');
});

it('brings back the rest', async () => {
  const execution = await recover(stage, { workload: 'orders-db' });
  expect(failureOf(execution)).toBe(': ');
  expect(await recovered(stage, 'orders-db')).toMatchObject({
    state: 'committed',
    plan: { targets: [{ kind: 'ebs' }] },
  });
});

it('refuses a point that has nothing else, in the same words', async () => {
  const execution = await recover(stage, { workload: 'invoices' });
  expect(failureOf(execution)).toContain(`InvalidRequest: aws-backup ${bucket} is brought back by hand.`);
  expect(failureOf(execution)).toContain(`--recovery-point-arn ${await copy('invoices', 'aws-backup')}`);
});

it('is known from its tags when the ledger is gone', async () => {
  const arn = await copy('orders-db', 'aws-backup');
  await emptyLedger(stage, 'orders-db');
  const { output = '' } = await recover(stage, { workload: 'orders-db', dryRun: true });
  expect(JSON.parse(output).calls.join()).toContain(arn);
});
