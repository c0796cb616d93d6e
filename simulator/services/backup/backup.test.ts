import type * as Backup from '@aws-sdk/client-backup';
import { describe, expect, it } from 'vitest';
import type { ServiceEvent } from '../../kernel/service.ts';
import { createManualKernel } from '../ec2/manual-kernel.ts';
import { createEfs } from '../efs/efs.ts';
import type { Perform } from '../perform.ts';
import { createBackup } from './backup.ts';

const system = 'arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-0a1b2c3d';
const windows = 'arn:aws:fsx:eu-west-1:111122223333:file-system/fs-0f5a';
const minuteMs = 60_000;

async function setUp(perform: Perform = async () => ({})) {
  const kernel = createManualKernel();
  const efs = createEfs(kernel);
  const backup = createBackup(kernel, { efs, perform });
  efs.world.create({ id: 'fs-0a1b2c3d', files: { '/a': '1', '/b': '1' } });
  backup.world.add(windows);
  await kernel.call(backup, 'CreateBackupVault', { BackupVaultName: 'vault' });
  const start = (more: Partial<Backup.StartBackupJobInput> = {}) =>
    kernel.call<Backup.StartBackupJobOutput>(backup, 'StartBackupJob', {
      ...{ BackupVaultName: 'vault', ResourceArn: system, IamRoleArn: 'arn:aws:iam::111122223333:role/backup' },
      ...more,
    });
  const describeJob = (id: string | undefined) =>
    kernel.call<Backup.DescribeBackupJobOutput>(backup, 'DescribeBackupJob', { BackupJobId: id });
  const stop = (id: string | undefined) => kernel.call(backup, 'StopBackupJob', { BackupJobId: id });
  const onPoint = (operation: string, RecoveryPointArn: string | undefined) =>
    kernel.call<Backup.DescribeRecoveryPointOutput>(backup, operation, { BackupVaultName: 'vault', RecoveryPointArn });
  return { kernel, efs, backup, start, describeJob, stop, onPoint };
}

describe('a backup job', () => {
  it('is created, runs and completes, with an event', async () => {
    const { kernel, start, describeJob } = await setUp();
    const { BackupJobId, CreationDate } = await start();
    expect(await describeJob(BackupJobId)).toMatchObject({ State: 'CREATED', CreationDate });
    await kernel.advance(minuteMs);
    expect((await describeJob(BackupJobId)).State).toBe('RUNNING');
    await kernel.advance(10 * minuteMs);
    const ended = await describeJob(BackupJobId);
    expect(ended).toMatchObject({ State: 'COMPLETED', MessageCategory: 'SUCCESS' });
    expect(ended.CompletionDate?.getTime()).toBeGreaterThan(CreationDate?.getTime() ?? Number.NaN);
    const isDone = ({ source, detail }: ServiceEvent) => source === 'aws.backup' && detail.state === 'COMPLETED';
    expect(kernel.events.filter(isDone)).toHaveLength(1);
  });

  it('is the same one when asked for with the same token', async () => {
    const { start, backup } = await setUp();
    const first = await start({ IdempotencyToken: 'night' });
    expect((await start({ IdempotencyToken: 'night' })).BackupJobId).toBe(first.BackupJobId);
    expect((await start({ IdempotencyToken: 'next' })).BackupJobId).not.toBe(first.BackupJobId);
    expect(backup.world.jobs.size).toBe(2);
  });

  it('reads files one after another, each as it is by then', async () => {
    const { kernel, efs, start, backup } = await setUp();
    await start();
    await kernel.advance(minuteMs);
    const { files } = efs.world.fileSystem('fs-0a1b2c3d');
    files.set('/a', '2');
    files.set('/b', '2');
    await kernel.advance(10 * minuteMs);
    expect([...backup.world.points.values()].map(({ content }) => Object.fromEntries(content))).toEqual([
      { '/a': '1', '/b': '2' },
    ]);
  });

  it('of a file system tells its recovery point at once, of FSx when it is done', async () => {
    const { kernel, start, describeJob } = await setUp();
    expect((await start()).RecoveryPointArn).toMatch(/^arn:aws:backup:.*:recovery-point:/);
    const { BackupJobId, RecoveryPointArn } = await start({ ResourceArn: windows });
    expect(RecoveryPointArn).toBeUndefined();
    await kernel.advance(10 * minuteMs);
    expect((await describeJob(BackupJobId)).RecoveryPointArn).toMatch(/^arn:aws:fsx:.*:backup\//);
  });

  it('waits for another of the same resource, and expires with its start window', async () => {
    const { kernel, start, describeJob, backup } = await setUp();
    backup.arrange.nextJob('never');
    await start();
    const second = await start({ StartWindowMinutes: 60 });
    await kernel.advance(50 * minuteMs);
    expect((await describeJob(second.BackupJobId)).State).toBe('CREATED');
    await kernel.advance(20 * minuteMs);
    expect(await describeJob(second.BackupJobId)).toMatchObject({
      State: 'EXPIRED',
      StatusMessage: expect.stringContaining('running job for the same resource'),
    });
  });

  it('is refused a start window of less than an hour, an unknown vault and an unknown resource', async () => {
    const { start } = await setUp();
    await expect(start({ StartWindowMinutes: 59 })).rejects.toThrow('at least 60');
    await expect(start({ BackupVaultName: 'other' })).rejects.toThrow('vault other not found');
    await expect(start({ ResourceArn: `${windows}0` })).rejects.toThrow('does not exist');
  });

  it('fails when its role may not read', async () => {
    const { kernel, start, describeJob } = await setUp(() => Promise.reject(new Error('not authorized')));
    const { BackupJobId } = await start();
    await kernel.advance(minuteMs);
    expect(await describeJob(BackupJobId)).toMatchObject({ State: 'FAILED', MessageCategory: 'AccessDenied' });
  });

  it('can be completed and not a success', async () => {
    const { kernel, start, describeJob, backup } = await setUp();
    backup.arrange.nextJob('issues');
    const { BackupJobId } = await start();
    await kernel.advance(10 * minuteMs);
    expect(await describeJob(BackupJobId)).toMatchObject({ State: 'COMPLETED', MessageCategory: 'INVALIDPARAMETERS' });
  });

  it('can be stopped, but for some types, and not once it has ended', async () => {
    const { kernel, start, stop, describeJob, backup } = await setUp();
    const { BackupJobId } = await start();
    const fixed = await start({ ResourceArn: windows });
    await kernel.advance(minuteMs);
    await stop(BackupJobId);
    expect((await describeJob(BackupJobId)).State).toBe('ABORTING');
    await expect(stop(fixed.BackupJobId)).rejects.toThrow('cannot be stopped');
    await kernel.advance(minuteMs);
    expect((await describeJob(BackupJobId)).State).toBe('ABORTED');
    await expect(stop(BackupJobId)).rejects.toThrow('already');
    expect([...backup.world.points.values()].map(({ source }) => source.type)).toEqual(['FSx']);
  });
});

describe('a recovery point', () => {
  it('is deleted some time after that was answered', async () => {
    const { kernel, start, onPoint } = await setUp();
    const { RecoveryPointArn } = await start();
    await kernel.advance(10 * minuteMs);
    await onPoint('DeleteRecoveryPoint', RecoveryPointArn);
    expect((await onPoint('DescribeRecoveryPoint', RecoveryPointArn)).Status).toBe('DELETING');
    await kernel.advance(5 * minuteMs);
    await expect(onPoint('DescribeRecoveryPoint', RecoveryPointArn)).rejects.toThrow('not found');
  });

  it('may be kept, as EXPIRED, though its deletion was answered', async () => {
    const { kernel, start, onPoint, backup } = await setUp();
    const { RecoveryPointArn } = await start();
    await kernel.advance(10 * minuteMs);
    backup.arrange.nextDeletionFails();
    await onPoint('DeleteRecoveryPoint', RecoveryPointArn);
    await kernel.advance(60 * minuteMs);
    expect((await onPoint('DescribeRecoveryPoint', RecoveryPointArn)).Status).toBe('EXPIRED');
  });

  it('carries ten tags at most', async () => {
    const { kernel, start, backup } = await setUp();
    const { RecoveryPointArn } = await start({ RecoveryPointTags: { one: '1' } });
    await kernel.advance(10 * minuteMs);
    const tag = (count: number) =>
      kernel.call(backup, 'TagResource', {
        ResourceArn: RecoveryPointArn,
        Tags: Object.fromEntries(Array.from({ length: count }, (_, index) => [`more-${index}`, ''])),
      });
    await expect(tag(10)).rejects.toThrow('More than 10 tags');
    await tag(9);
    const { Tags } = await kernel.call<Backup.ListTagsOutput>(backup, 'ListTags', { ResourceArn: RecoveryPointArn });
    expect(Object.keys(Tags ?? {})).toHaveLength(10);
  });
});

describe('a restore job', () => {
  const metadata = {
    newFileSystem: 'true',
    Encrypted: 'true',
    PerformanceMode: 'generalPurpose',
    CreationToken: 'new',
  };

  async function setUpPoint(perform?: Perform) {
    const { kernel, efs } = await setUp();
    const inService: Perform = ({ operation, input }) => kernel.call(efs, operation, Object(input));
    const restoring = createBackup(kernel, { efs, perform: perform ?? inService });
    await kernel.call(restoring, 'CreateBackupVault', { BackupVaultName: 'vault' });
    const IamRoleArn = 'arn:aws:iam::111122223333:role/restore';
    const { RecoveryPointArn } = await kernel.call<Backup.StartBackupJobOutput>(restoring, 'StartBackupJob', {
      ...{ BackupVaultName: 'vault', ResourceArn: system, IamRoleArn },
    });
    const restore = (more: Partial<Backup.StartRestoreJobInput> = {}) =>
      kernel.call<Backup.StartRestoreJobOutput>(restoring, 'StartRestoreJob', {
        ...{ RecoveryPointArn, IamRoleArn, Metadata: metadata, ...more },
      });
    const describeRestore = (RestoreJobId: string | undefined) =>
      kernel.call<Backup.DescribeRestoreJobOutput>(restoring, 'DescribeRestoreJob', { RestoreJobId });
    return { kernel, efs, restoring, restore, describeRestore };
  }

  it('puts files into a folder of the present file system, where it is told to, and changes none of those of now', async () => {
    const { kernel, efs, restore, describeRestore } = await setUpPoint();
    await kernel.advance(10 * minuteMs);
    const before = new Map(efs.world.byArn(system)?.files);
    const present = { ...metadata, newFileSystem: 'false', 'file-system-id': system.split('/').at(-1) ?? '' };
    const { RestoreJobId } = await restore({ Metadata: present });
    await kernel.advance(60 * minuteMs);
    expect(await describeRestore(RestoreJobId)).toMatchObject({ Status: 'COMPLETED', CreatedResourceArn: system });
    const after = [...(efs.world.byArn(system)?.files ?? [])];
    expect(after.filter(([path]) => !path.startsWith('/aws-backup-restore_'))).toEqual([...before]);
    expect(after).toHaveLength(2 * before.size);
    expect(efs.world.fileSystems()).toHaveLength(1);
  });

  it('is pending, runs and completes; the files lie in a folder of its own', async () => {
    const { kernel, efs, restore, describeRestore } = await setUpPoint();
    await kernel.advance(10 * minuteMs);
    const { RestoreJobId } = await restore();
    expect((await describeRestore(RestoreJobId)).Status).toBe('PENDING');
    await kernel.advance(minuteMs);
    const running = await describeRestore(RestoreJobId);
    expect(running.Status).toBe('RUNNING');
    expect(efs.world.byArn(running.CreatedResourceArn ?? '')?.files.size).toBe(0);
    await kernel.advance(15 * minuteMs);
    expect((await describeRestore(RestoreJobId)).Status).toBe('COMPLETED');
    const paths = [...(efs.world.byArn(running.CreatedResourceArn ?? '')?.files.keys() ?? [])];
    expect(paths).toEqual([
      expect.stringMatching(/^\/aws-backup-restore_[\dTZ-]+\/a$/),
      expect.stringMatching(/^\/aws-backup-restore_[\dTZ-]+\/b$/),
    ]);
  });

  it('is the same one when asked for with the same token', async () => {
    const { kernel, restore } = await setUpPoint();
    await kernel.advance(10 * minuteMs);
    const first = await restore({ IdempotencyToken: 'one' });
    expect(await restore({ IdempotencyToken: 'one' })).toEqual(first);
  });

  it.each(['FAILED', 'ABORTED'] as const)('can end %s', async (end) => {
    const { kernel, restoring, restore, describeRestore } = await setUpPoint();
    await kernel.advance(10 * minuteMs);
    restoring.arrange.nextRestore(end);
    const { RestoreJobId } = await restore();
    await kernel.advance(20 * minuteMs);
    expect((await describeRestore(RestoreJobId)).Status).toBe(end);
  });

  it('fails when its role may not make what it restores', async () => {
    const mayRead: Perform = ({ operation }) =>
      operation === 'Backup' ? Promise.resolve({}) : Promise.reject(new Error('not authorized'));
    const { kernel, restore, describeRestore } = await setUpPoint(mayRead);
    await kernel.advance(10 * minuteMs);
    const { RestoreJobId } = await restore();
    await kernel.advance(minuteMs);
    expect(await describeRestore(RestoreJobId)).toMatchObject({ Status: 'FAILED', StatusMessage: 'not authorized' });
  });

  it('is refused of a point that is not complete, and with metadata that its type does not know', async () => {
    const { kernel, restore } = await setUpPoint();
    await kernel.advance(minuteMs);
    await expect(restore()).rejects.toThrow('is CREATING');
    await kernel.advance(10 * minuteMs);
    await expect(restore({ Metadata: {} })).rejects.toThrow('lacks newFileSystem');
    await expect(restore({ Metadata: { ...metadata, 'aws:backup:request-id': '1' } })).rejects.toThrow('has no aws:');
  });
});

describe('a restore job of another type than EFS', () => {
  const of = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:111122223333:${rest}`;
  const gatewayVolume = of('storagegateway', 'gateway/sgw-1A2B3C4D/volume/vol-1122AABB');
  const volume = of('fsx', 'volume/fs-0f5a/fsvol-0a1b');
  const cluster = of('rds', 'cluster:catalogue');
  const bucket = 'arn:aws:s3:::orders';
  const IamRoleArn = 'arn:aws:iam::111122223333:role/restore';
  const minimal: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    [windows]: { SubnetIds: '["subnet-1"]' },
    [volume]: { Name: 'new', OntapConfiguration: '{"StorageVirtualMachineId":"svm-1"}' },
    [cluster]: { dbClusterIdentifier: 'new', engine: 'docdb' },
    [bucket]: { DestinationBucketName: 'new', NewBucket: 'true' },
    [gatewayVolume]: { availabilityZone: 'eu-west-1a' },
  };

  /** Of a copy that is complete. */
  async function restoring(ResourceArn: string, perform?: Perform) {
    const { kernel, backup, start } = await setUp(perform);
    for (const each of Object.keys(minimal)) backup.world.add(each);
    const { BackupJobId } = await start({ ResourceArn });
    await kernel.advance(10 * minuteMs);
    const RecoveryPointArn = backup.world.jobs.get(BackupJobId ?? '')?.pointArn;
    const type = ResourceArn === gatewayVolume ? { ResourceType: 'EBS' } : {};
    const ended = async (more: Partial<Backup.StartRestoreJobInput> = {}) => {
      const { RestoreJobId } = await kernel.call<Backup.StartRestoreJobOutput>(backup, 'StartRestoreJob', {
        ...{ RecoveryPointArn, IamRoleArn, Metadata: minimal[ResourceArn], ...type, ...more },
      });
      await kernel.advance(20 * minuteMs);
      return kernel.call<Backup.DescribeRestoreJobOutput>(backup, 'DescribeRestoreJob', { RestoreJobId });
    };
    return { kernel, backup, ended, RecoveryPointArn };
  }

  it.each([
    [windows, /:fsx:.*:file-system\/fs-\w+$/],
    [volume, /:fsx:.*:volume\/fs-0f5a\/fsvol-\w{16}$/],
    [cluster, /:rds:.*:cluster:new$/],
    [bucket, /:s3:::new$/],
    [gatewayVolume, /:ec2:.*:volume\/vol-\w+$/],
  ])('makes a new one of %s', async (source, made) => {
    const { ended } = await restoring(source);
    expect(await ended()).toMatchObject({ Status: 'COMPLETED', CreatedResourceArn: expect.stringMatching(made) });
  });

  it.each([
    [windows, 'lacks SubnetIds'],
    [volume, 'lacks Name, OntapConfiguration'],
    [cluster, 'lacks dbClusterIdentifier, engine'],
    [bucket, 'lacks DestinationBucketName'],
    [gatewayVolume, 'lacks availabilityZone'],
  ])('of %s is refused without what it needs, and with what it does not know', async (source, words) => {
    const { ended } = await restoring(source);
    await expect(ended({ Metadata: {} })).rejects.toThrow(words);
    const more = { ...minimal[source], 'aws:backup:request-id': '1' };
    await expect(ended({ Metadata: more })).rejects.toThrow('has no aws:backup:request-id');
  });

  it('fails where its name is taken, or the bucket that it is to go to is not there', async () => {
    const clusters = await restoring(cluster);
    const taken = { dbClusterIdentifier: 'catalogue', engine: 'docdb' };
    expect((await clusters.ended({ Metadata: taken })).StatusMessage).toContain('cluster:catalogue already');
    const buckets = await restoring(bucket);
    const missing = { DestinationBucketName: 'nowhere', NewBucket: 'false' };
    expect((await buckets.ended({ Metadata: missing })).StatusMessage).toContain('no arn:aws:s3:::nowhere');
  });

  it('fails when it is to copy the tags of a bucket', async () => {
    const { ended } = await restoring(bucket);
    expect((await ended({ CopySourceTagsToRestoredResource: true })).Status).toBe('FAILED');
  });

  it('fails when its role may not make what it restores', async () => {
    const mayRead: Perform = ({ operation }) =>
      operation === 'CopyInRole' ? Promise.resolve({}) : Promise.reject(new Error('not authorized'));
    const { ended } = await restoring(cluster, mayRead);
    expect(await ended()).toMatchObject({ Status: 'FAILED', StatusMessage: 'not authorized' });
  });

  it('is listed with the others of its resource, which AWS Backup knows by its copies', async () => {
    const { kernel, backup, ended, RecoveryPointArn } = await restoring(cluster);
    const { RestoreJobId } = await ended();
    const list = (ResourceArn: string) =>
      kernel.call<Backup.ListRestoreJobsByProtectedResourceOutput>(backup, 'ListRestoreJobsByProtectedResource', {
        ResourceArn,
      });
    expect(await list(cluster)).toMatchObject({ RestoreJobs: [{ RestoreJobId, RecoveryPointArn, IamRoleArn }] });
    expect(await list(bucket)).toEqual({ RestoreJobs: [] });
    const known = (ResourceArn: string) => kernel.call(backup, 'DescribeProtectedResource', { ResourceArn });
    expect(await known(cluster)).toEqual({ ResourceArn: cluster, ResourceType: 'Aurora' });
    await expect(known(bucket)).rejects.toThrow('has no backups');
  });
});
