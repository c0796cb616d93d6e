/** Points of caches whose files are written to S3: beside the point, which is whole whatever becomes of them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteServerlessCacheSnapshotCommand,
  DeleteSnapshotCommand,
  ElastiCacheClient,
} from '@aws-sdk/client-elasticache';
import { GetBucketAclCommand, GetBucketPolicyCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { run as doctor } from '#cli/doctor.ts';
import { run as plan } from '#cli/plan.ts';
import { run as listPoints } from '#cli/points.ts';
import { scriptedTerminal } from '#cli/scripted-terminal.ts';
import { denied } from '#simulator/kernel/faults.ts';
import type { BucketSpec } from '#simulator/services/s3/s3.ts';
import { mails } from './scenario/holding.ts';
import { nightly } from './scenario/policy.ts';
import { functionNamed } from './scenario/recovering.ts';
import { closeStage, dayMs, hourMs, minuteMs, openStage, pointsIn, type Stage } from './scenario/stage.ts';
import { thinOutSweeps, toldBy } from './scenario/sweeps.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-export-'));
let stage: Stage;

afterEach(() => closeStage(stage));
afterAll(() => rmSync(folder, { recursive: true }));

const name = 'cache-files';
const resource = 'replicationgroup:orders';
const policy = nightly({
  orders: {
    schedule: { cron: '0 3 * * ? *', timeZone: 'UTC' },
    members: [{ kind: 'elasticache', resource, export: { bucket: name } }],
    objectives: { rto: '1h' },
  },
});

const service = 'eu-west-1.elasticache-snapshot.amazonaws.com';
/** As in the ElastiCache User Guide. */
const granting = (actions: readonly string[], Service = service) => ({
  Version: '2012-10-17',
  Statement: [
    {
      ...{ Effect: 'Allow', Principal: { Service }, Action: actions },
      Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`],
    },
  ],
});
const guide = [
  's3:PutObject',
  's3:GetObject',
  's3:ListBucket',
  's3:GetBucketAcl',
  's3:ListMultipartUploadParts',
  's3:ListBucketMultipartUploads',
];

async function open(bucket: Partial<BucketSpec> = { policy: granting(guide) }, settings = {}): Promise<void> {
  stage = await openStage({ policy });
  stage.services.s3.world.create({ name, ...bucket });
  stage.services.elasticache.world.launchGroup({ name: 'orders', shards: 2, settings });
  stage.services.elasticache.world.groups.get('orders')?.shards[1]?.push('order 1');
}

const files = () => stage.services.s3.world.buckets.get(name)?.objects;
const asked = () => stage.calls.of('elasticache', 'CopySnapshot').length;
const exported = async () => (await pointsIn(stage, 'orders'))[0]?.exports?.[0];
const settings = () => ({ stack: 'Holdfast', policy: join(folder, 'holdfast.yaml'), debug: false });

it('are sealed first, and then say where the file of each shard is', async () => {
  await open();
  await stage.time.advance(2 * hourMs + 11 * minuteMs);
  expect(await exported()).toMatchObject({ state: 'wanted', bucket: name });
  await stage.time.advance(hourMs);
  const [point] = await pointsIn(stage, 'orders');
  const id = point?.artifacts[0]?.id;
  expect([...(files() ?? [])].map(([key, { rows }]) => [key, rows])).toEqual([
    [`${id}-0001.rdb`, []],
    [`${id}-0002.rdb`, ['order 1']],
  ]);
  expect(point?.exports).toMatchObject([
    { state: 'done', files: [`s3://${name}/${id}-0001.rdb`, `s3://${name}/${id}-0002.rdb`] },
  ]);
  expect(asked()).toBe(1);
  expect(mails(stage)).toEqual([]);
  writeFileSync(settings().policy, stringify(policy));
  const terminal = scriptedTerminal();
  await stage.drive(listPoints({ workload: 'orders', evidence: true }, { terminal, settings: settings() }));
  expect(terminal.lines.join('\n').replaceAll(/\s+/g, ' ')).toContain(`exported to s3://${name}/${id}-0001.rdb`);
});

it('are exported by a bucket’s access control list, too', async () => {
  const ID = '540804c33a284a299d2547575ce1010f2312ef3da9b3a053c8bc45bf233e4353';
  const grants = (['READ', 'WRITE', 'READ_ACP'] as const).map((Permission) => ({
    ...{ Permission, Grantee: { ID, Type: 'CanonicalUser' as const } },
  }));
  await open({ grants });
  await stage.time.advance(3 * hourMs);
  expect(files()?.size).toBe(2);
  expect(await examined()).toMatchObject({ fit: true });
});

it.each([
  ['its reply is lost', 'lose-reply'],
  ['it is delivered twice', 'deliver-twice'],
] as const)('are exported once when ElastiCache is asked and %s', async (_, kind) => {
  await open();
  stage.faults.add({ service: 'elasticache', operation: 'CopySnapshot', effect: { kind } });
  await stage.time.advance(4 * hourMs);
  expect(await exported()).toMatchObject({ state: 'done' });
  expect(files()?.size).toBe(2);
  expect(mails(stage)).toEqual([]);
});

it('are asked for again, half an hour later, when nobody knows whether the call had an effect', async () => {
  await open();
  const effect = { kind: 'refuse', code: 'InternalFailure', message: 'oops', status: 500 } as const;
  stage.faults.add({ service: 'elasticache', operation: 'CopySnapshot', times: 3, effect });
  await stage.time.advance(2 * hourMs + 30 * minuteMs);
  expect(await exported()).toMatchObject({ state: 'wanted' });
  await stage.time.advance(hourMs);
  expect(await exported()).toMatchObject({ state: 'done' });
});

it.each([
  ['ElastiCache', 'elasticache', 'DescribeSnapshots'],
  ['S3', 's3', 'ListObjectsV2'],
  ['the ledger', 'dynamodb', 'PutItem'],
])('are not given up when %s says no once, after they were asked for', async (_, service, operation) => {
  await open();
  await stage.time.until(() => asked() === 1, 4 * hourMs);
  const caller = `function:${functionNamed(stage, 'Settle')}`;
  stage.faults.add({ service, operation, caller, times: 1, effect: denied() });
  await stage.time.advance(hourMs);
  expect(await exported()).toMatchObject({ state: 'done' });
  expect(mails(stage)).toEqual([]);
});

it('are told of after a day when nobody may look for them', async () => {
  await open();
  await stage.time.until(() => asked() === 1, 4 * hourMs);
  stage.faults.add({ service: 's3', operation: 'ListObjectsV2', times: Number.POSITIVE_INFINITY, effect: denied() });
  thinOutSweeps(stage, 3);
  await stage.time.advance(1.2 * dayMs);
  const problem = expect.stringContaining('AccessDenied');
  expect((await pointsIn(stage, 'orders')).at(-1)?.exports).toMatchObject([{ state: 'failed', problem }]);
});

it('are told of when the snapshot is gone before its files are there', async () => {
  await open();
  const effect = { kind: 'refuse', code: 'InternalFailure', message: 'oops', status: 500 } as const;
  stage.faults.add({ service: 'elasticache', operation: 'CopySnapshot', times: 3, effect });
  await stage.time.advance(2 * hourMs + 30 * minuteMs);
  const SnapshotName = (await exported())?.id;
  await stage.drive(new ElastiCacheClient({}).send(new DeleteSnapshotCommand({ SnapshotName })));
  await stage.time.advance(hourMs);
  const problem = expect.stringContaining(`The snapshot ${SnapshotName} is gone; of its files 0 are there`);
  expect(await exported()).toMatchObject({ state: 'failed', problem });
});

it('are told of once, and stay whole, when the bucket does not let ElastiCache in', async () => {
  await open({ policy: granting(guide.slice(1)) });
  await stage.time.advance(4 * hourMs);
  const [point] = await pointsIn(stage, 'orders');
  const problem = expect.stringContaining('ElastiCache has not been granted WRITE permissions');
  expect(point).toMatchObject({ exports: [{ state: 'failed', problem }] });
  expect(point?.broken).toBeUndefined();
  expect(toldBy(stage)).toEqual(['[Holdfast] orders: a point was not exported to S3; the point itself is whole']);
  const [mail] = stage.inbox('ops@example.com').filter(({ subject }) => subject.includes('not exported'));
  expect(mail?.message).toContain(
    `aws elasticache copy-snapshot --source-snapshot-name ${point?.artifacts[0]?.id} --target-snapshot-name`,
  );
  expect(asked()).toBe(1);
});

it('are given up after a day when not all files have come', async () => {
  await open();
  stage.services.elasticache.arrange.nextExportStops();
  await stage.time.advance(3 * hourMs);
  thinOutSweeps(stage, 3);
  await stage.time.advance(1.2 * dayMs);
  const points = await pointsIn(stage, 'orders');
  expect(points.at(-1)?.exports).toMatchObject([
    { state: 'failed', problem: expect.stringContaining(`1 of 2 files are in the bucket ${name}`) },
  ]);
});

/** What the doctor says. */
async function examined() {
  writeFileSync(settings().policy, stringify(policy));
  const terminal = scriptedTerminal();
  await stage.drive(doctor({ workload: 'orders' }, { terminal, settings: settings() }));
  const { fit, examinations } = Object(terminal.events[0]);
  const problems = examinations
    .filter(({ subject }: { subject: string }) => subject.startsWith('export of'))
    .flatMap(({ findings }: { findings: { problem: string }[] }) => findings.map((finding) => finding.problem));
  return { fit, problems };
}

it.each([
  ['is in another Region', { region: 'eu-north-1', policy: granting(guide) }, 'is not in eu-west-1'],
  ['is not there', { name: 'another' }, `There is no bucket ${name}: create it in eu-west-1`],
  [
    'allows nothing',
    {},
    `must allow ${service} s3:ListBucket, s3:GetBucketAcl, s3:ListBucketMultipartUploads, s3:PutObj`,
  ],
  ['allows too little', { policy: granting(guide.slice(1)) }, `must allow ${service} s3:PutObject on the bucket`],
  [
    'allows another Region’s ElastiCache',
    { policy: granting(guide, 'us-east-1.elasticache-snapshot.amazonaws.com') },
    'does not let ElastiCache in',
  ],
])('are found by the doctor to go nowhere when the bucket %s', async (_, bucket, problem) => {
  await open(bucket);
  expect(await examined()).toEqual({ fit: false, problems: [expect.stringContaining(problem)] });
});

it('are found by the doctor to go nowhere when the cache has data tiering', async () => {
  await open(undefined, { DataTiering: 'enabled' });
  expect(await examined()).toEqual({ fit: false, problems: [expect.stringContaining('has data tiering')] });
});

describe('of a serverless cache', () => {
  const carts = nightly({
    carts: {
      schedule: { cron: '0 3 * * ? *', timeZone: 'UTC' },
      members: [{ kind: 'elasticache', resource: 'serverlesscache:carts', export: { bucket: name } }],
      objectives: { rto: '1h' },
    },
  });
  const begun = () => stage.calls.of('elasticache', 'ExportServerlessCacheSnapshot').length;
  const newest = async () => (await pointsIn(stage, 'carts'))[0]?.exports?.[0];

  async function launch(bucket: Partial<BucketSpec> = { policy: granting(guide) }): Promise<void> {
    // Long enough for sweeps to see some of the files, and not the others.
    stage = await openStage({ policy: carts, elasticache: { exportMs: 15 * minuteMs } });
    stage.services.s3.world.create({ name, ...bucket });
    stage.services.elasticache.world.launchServerless({ name: 'carts', files: 3 });
    stage.services.elasticache.world.serverlessCaches.get('carts')?.shards[2]?.push('order 1');
  }

  it.each([
    ['exporting', () => {}],
    ['available', () => stage.services.elasticache.arrange.nextExportSaysNothing()],
  ])('say where all files are once none comes any more, while the snapshot is %s', async (_, arrange) => {
    await launch();
    arrange();
    await stage.time.until(() => files()?.size === 1, 5 * hourMs);
    await stage.time.advance(6 * minuteMs);
    expect(files()?.size).toBe(2);
    expect(await newest()).toMatchObject({ state: 'wanted' });
    await stage.time.advance(hourMs);
    const { id, ...found } = Object(await newest());
    const keys = ['0001', '0002', '0003'].map((shard) => `${id}-${shard}.rdb`);
    expect(found).toMatchObject({ state: 'done', files: keys.map((key) => `s3://${name}/${key}`) });
    expect([...(files() ?? [])].map(([key, { rows }]) => [key, rows])).toEqual([
      [keys[0], []],
      [keys[1], []],
      [keys[2], ['order 1']],
    ]);
    expect(begun()).toBe(1);
    expect(mails(stage)).toEqual([]);
  });

  it.each([
    ['its reply is lost', 'lose-reply'],
    ['it is delivered twice', 'deliver-twice'],
  ] as const)('are written once when ElastiCache is asked and %s', async (_, kind) => {
    await launch();
    const operation = 'ExportServerlessCacheSnapshot';
    stage.faults.add({ service: 'elasticache', operation, effect: { kind } });
    await stage.time.advance(5 * hourMs);
    expect(await newest()).toMatchObject({ state: 'done' });
    expect(files()?.size).toBe(3);
    expect(mails(stage)).toEqual([]);
  });

  it('do not keep the next snapshot waiting', async () => {
    await launch();
    await stage.time.until(() => begun() === 1, 5 * hourMs);
    writeFileSync(settings().policy, stringify(carts));
    const terminal = scriptedTerminal();
    await stage.drive(plan({ workload: 'carts' }, { terminal, settings: settings() }));
    expect(terminal.lines.join(' ')).not.toContain('is making the snapshot');
  });

  it('are told of once, with the command, when the bucket does not let ElastiCache in', async () => {
    await launch({ policy: granting(guide.slice(1)) });
    await stage.time.advance(4 * hourMs);
    const problem = expect.stringContaining('ElastiCache has not been granted WRITE permissions');
    expect(await newest()).toMatchObject({ state: 'failed', problem });
    const [mail] = stage.inbox('ops@example.com').filter(({ subject }) => subject.includes('not exported'));
    expect(mail?.message).toContain(
      'aws elasticache export-serverless-cache-snapshot --serverless-cache-snapshot-name',
    );
    expect(begun()).toBe(1);
  });

  it.each([
    ['the snapshot is gone', true, 'is gone; of its files 0 are there'],
    ['there are none after a day', false, 'A day after the point was sealed 0 files are in the bucket'],
  ])('are given up, and told of, when %s', async (_, isDeleted, told) => {
    await launch();
    const effect = { kind: 'refuse', code: 'InternalFailure', message: 'oops', status: 500 } as const;
    const operation = 'ExportServerlessCacheSnapshot';
    stage.faults.add({ service: 'elasticache', operation, times: Number.POSITIVE_INFINITY, effect });
    await stage.time.advance(2.5 * hourMs);
    const ServerlessCacheSnapshotName = (await newest())?.id;
    const deletion = new DeleteServerlessCacheSnapshotCommand({ ServerlessCacheSnapshotName });
    if (isDeleted) await stage.drive(new ElastiCacheClient({}).send(deletion));
    thinOutSweeps(stage, 3);
    await stage.time.advance(isDeleted ? hourMs : 1.2 * dayMs);
    const points = await pointsIn(stage, 'carts');
    const problem = expect.stringContaining(told);
    expect(points.at(-1)?.exports).toMatchObject([{ state: 'failed', problem }]);
    expect(toldBy(stage).filter((subject) => subject.includes('was not exported'))).toHaveLength(1);
  });

  it('are found by the doctor to go nowhere when the bucket lets nobody in', async () => {
    await launch({});
    writeFileSync(settings().policy, stringify(carts));
    const terminal = scriptedTerminal();
    await stage.drive(doctor({ workload: 'carts' }, { terminal, settings: settings() }));
    expect(terminal.lines.join(' ').replaceAll(/\s+/g, ' ')).toContain(`must allow ${service} s3:ListBucket`);
  });
});

it('are looked after with the rights that operators have, and no more of S3', async () => {
  await open();
  stage.admit('people', stage.deployed.HoldfastOperators ?? '');
  const client = new S3Client({ credentials: { accessKeyId: 'people', secretAccessKey: 'simulated' } });
  const Bucket = name;
  await stage.drive(client.send(new HeadBucketCommand({ Bucket })));
  await stage.drive(client.send(new GetBucketAclCommand({ Bucket })));
  await stage.drive(client.send(new GetBucketPolicyCommand({ Bucket })));
  stage.services.s3.world.create({ name: 'another' });
  const other = stage.drive(client.send(new HeadBucketCommand({ Bucket: 'another' })));
  await expect(other).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
});
