/** A set of a database, a file system and the disks of an instance, brought back as one. The region simulates AWS Backup, EFS and the mount. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mails } from './scenario/holding.ts';
import { database, databaseId, nightly } from './scenario/policy.ts';
import { abort, begin, emptyLedger, end, failureOf, recover, recovered } from './scenario/recovering.ts';
import { closeStage, night, openStage, redeploy, type Stage, until } from './scenario/stage.ts';

let stage: Stage;

const id = 'fs-0a1b2c3d4e5f60718';
const parameter = '/orders/files';
const hook = { kind: 'command', quiesce: '/opt/holdfast/quiesce', release: '/opt/holdfast/release' } as const;
const disk = { kind: 'ebs', instance: { tags: { Name: 'orders-db' } }, volumes: 'data', tier: 3 } as const;
const quiesce = { hooks: [{ ...hook, deadlineSeconds: 3600 }], onFailure: 'abort' as const };
interface Promoted {
  readonly promoteOn?: { readonly id: string };
  readonly cleanUp?: { readonly files: string[]; readonly folders: string[] };
}

/** @param promoteOn of the file system; `others`: members beside it and the database */
const policyOf = (promoteOn: Promoted = {}, others = [disk], recovery: object = { verify: '/opt/holdfast/verify' }) =>
  nightly({
    'orders-db': database({
      members: [
        { kind: 'rds', resource: 'orders' },
        { kind: 'efs', resource: id, parameter, tier: 2, ...promoteOn },
        ...others,
      ],
      ...{ quiesce, recovery },
    }),
  });

const files = { '/orders/1': 'one', '/orders/2': 'two', '/.hidden': 'kept' };
const filePolicy = `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"elasticfilesystem:ClientMount","Resource":"arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/${id}","Condition":{"StringEquals":{"elasticfilesystem:AccessPointArn":"arn:aws:elasticfilesystem:eu-west-1:111122223333:access-point/fsap-0a1b2c3d4e5f60718"}}}]}`;
const systems = () => stage.services.efs.world.fileSystems();
const made = () => systems().find((each) => each.id !== id);
const said = () => stage.services.ssm.parameters.get(parameter);
const dryRun = async () =>
  JSON.parse((await recover(stage, { workload: 'orders-db', dryRun: true }, 'look')).output ?? '');

async function open(policy = policyOf(), system: object = {}): Promise<void> {
  stage = await openStage({ policy });
  stage.services.rds.world.launch({ name: 'orders' });
  stage.services.efs.world.create({ id, files, tags: { team: 'orders' }, policy: filePolicy, ...system });
  stage.services.ssm.parameters.set(parameter, id);
  await night(stage);
  stage.services.efs.world.fileSystem(id).files.set('/orders/3', 'a mistake');
}

beforeEach(() => open());
afterEach(() => closeStage(stage));

describe('a file system', () => {
  it('is made anew with the files of then in their place, and all that AWS Backup forgets', async () => {
    const before = stage.services.efs.world.fileSystem(id);
    const execution = await recover(stage, { workload: 'orders-db' });
    expect(failureOf(execution)).toBe(': ');
    const after = made();
    expect(Object.fromEntries(after?.files ?? [])).toEqual(files);
    expect(after?.mountTargets).toMatchObject([
      { subnetId: 'subnet-0a', securityGroups: ['sg-0efs'], state: 'available' },
    ]);
    expect(after?.lifecycle).toEqual(before.lifecycle);
    expect(after?.settings).toMatchObject({ ThroughputMode: 'elastic', Encrypted: true });
    const [access] = after?.accessPoints ?? [];
    expect(access).toMatchObject({ PosixUser: { Uid: 1000, Gid: 1000 }, RootDirectory: { Path: '/data' } });
    expect(Object.fromEntries(access?.tags ?? [])).toEqual({
      Name: 'app',
      'holdfast:source': 'fsap-0a1b2c3d4e5f60718',
    });
    expect(after?.policy).toBe(
      filePolicy.replace(id, after?.id ?? '').replace('fsap-0a1b2c3d4e5f60718', access?.id ?? ''),
    );
    expect(Object.fromEntries(after?.tags ?? [])).toMatchObject({ team: 'orders', 'holdfast:role': 'restored' });
    expect(said()).toBe(after?.id);
    expect(Object.fromEntries(before.tags)).toMatchObject({ 'holdfast:role': 'replaced' });
    expect(before.files.size).toBe(4);
    expect(stage.inbox('backups@example.com').at(-1)?.message).toContain(
      `The recovered efs ${id} is ${after?.id} (${id}-new-`,
    );
  });

  it('is told before with what it has otherwise, and nothing is made for a dry run', async () => {
    const { warnings, calls } = await dryRun();
    expect(warnings.join('\n')).toContain('its access points have other ids');
    expect(warnings.join('\n')).toContain(`${databaseId} mounts the new one for a moment`);
    expect(calls.join('\n')).toContain('aws backup start-restore-job');
    expect(calls.join('\n')).toContain(`aws ssm put-parameter --name ${parameter}`);
    expect(systems()).toHaveLength(1);
  });

  it('of One Zone lies in that zone again, without the automatic backups that would be in our way', async () => {
    closeStage(stage);
    await open(policyOf(), { settings: { AvailabilityZoneName: 'eu-west-1b' } });
    expect(failureOf(await recover(stage, { workload: 'orders-db' }))).toBe(': ');
    expect(made()).toMatchObject({ settings: { AvailabilityZoneName: 'eu-west-1b' }, backupPolicy: 'DISABLED' });
  });

  it('is not asked about all over while its mount targets are made: other settings wait for their turn', async () => {
    const before = stage.calls.all().length;
    await recover(stage, { workload: 'orders-db' });
    const creating = stage.calls
      .all()
      .slice(before)
      .filter(({ call }) => call.caller.name.includes('CreateVolumes'));
    const asked = (operation: string) => creating.filter(({ call }) => call.operation === operation).length;
    expect(asked('DescribeMountTargets')).toBeGreaterThan(20);
    expect(asked('DescribeMountTargetSecurityGroups')).toBe(0);
    for (const operation of ['DescribeAccessPoints', 'DescribeLifecycleConfiguration', 'DescribeFileSystemPolicy'])
      expect(asked(operation)).toBeLessThan(10);
  });

  it('comes back again, to another point, when it has been brought back before', async () => {
    await recover(stage, { workload: 'orders-db' });
    const first = made()?.id;
    const execution = await recover(stage, { workload: 'orders-db' }, 'recovery-2');
    expect(failureOf(execution)).toBe(': ');
    expect(systems()).toHaveLength(3);
    expect(said()).toBe(systems().find((each) => each.id !== id && each.id !== first)?.id);
  });
});

describe('a recovery that fails changes nothing that runs', () => {
  const unharmed = async () => {
    expect(await recovered(stage, 'orders-db')).toMatchObject({ state: 'rolled-back' });
    expect(said()).toBe(id);
    expect(stage.services.efs.world.fileSystem(id).files.size).toBe(4);
    expect(stage.services.ec2.world.instance(databaseId).state).toBe('running');
  };

  it.each([
    ['FAILED', 'Restore job failed.'],
    ['ABORTED', 'The restore job was aborted.'],
  ] as const)('because the job has %s, and says why', async (end, words) => {
    stage.services.backup.arrange.nextRestore(end);
    await recover(stage, { workload: 'orders-db' });
    await unharmed();
    expect((await recovered(stage, 'orders-db'))?.failure?.message).toContain(words);
    expect(mails(stage).at(-1)).toContain('rolled back');
  });

  it('because the job never ends', async () => {
    stage.services.backup.arrange.nextRestore('never');
    await recover(stage, { workload: 'orders-db' });
    await unharmed();
    expect((await recovered(stage, 'orders-db'))?.failure?.message).toContain('waited 240 minutes for');
    const body = stage.inbox('ops@example.com').at(-1)?.message ?? '';
    expect(body).toContain(`The efs ${made()?.id} (${id}-new-`);
    expect(body).toContain('which the recovery has made, is left as it is');
  });

  it.each([
    ['elasticfilesystem', 'CreateMountTarget'],
    ['backup', 'StartRestoreJob'],
  ])('because %s:%s is denied', async (service, operation) => {
    const effect = { kind: 'refuse', code: 'AccessDeniedException', message: 'no', status: 403 } as const;
    stage.faults.add({ service, operation, effect, times: 20 });
    await recover(stage, { workload: 'orders-db' });
    await unharmed();
  });

  it('because the job cannot be asked for, and still tells what it has made', async () => {
    const effect = { kind: 'refuse', code: 'AccessDeniedException', message: 'no', status: 403 } as const;
    stage.faults.add({ service: 'backup', operation: 'DescribeRestoreJob', effect, times: 2 });
    await recover(stage, { workload: 'orders-db' });
    await unharmed();
    expect(stage.inbox('ops@example.com').at(-1)?.message).toContain(`The efs ${made()?.id} (${made()?.token}), which`);
  });

  it('because it was stopped before the job was known, and finds what that has made', async () => {
    stage.faults.add({ service: 'backup', operation: 'StartRestoreJob', effect: { kind: 'lose-reply' }, times: 50 });
    const execution = await begin(stage, { workload: 'orders-db' });
    await until(stage, 'the new file system is there', () => made() !== undefined);
    await abort(stage, execution);
    await end(stage);
    await unharmed();
    expect(stage.inbox('ops@example.com').at(-1)?.message).toContain(`The efs ${made()?.id} (${id}-new-`);
  });

  it('because something is in the way of the files, which are left where they are', async () => {
    await begin(stage, { workload: 'orders-db' });
    await until(stage, 'the new file system is there', () => made() !== undefined);
    made()?.files.set('/orders/other', 'somebody was faster');
    await end(stage);
    await unharmed();
    expect((await recovered(stage, 'orders-db'))?.failure?.message).toContain('/orders is there already');
    expect(made()?.files.get('/orders/other')).toBe('somebody was faster');
  });

  it('and gives the parameter back when the instance does not start with its disks', async () => {
    const effect = { kind: 'refuse', code: 'UnauthorizedOperation', message: 'no', status: 403 } as const;
    stage.faults.add({ service: 'ec2', operation: 'AttachVolume', effect, times: 4 });
    await recover(stage, { workload: 'orders-db' });
    await unharmed();
    const restored = made();
    expect(Object.fromEntries(restored?.tags ?? [])).toMatchObject({ 'holdfast:role': 'restored' });
    expect(stage.services.efs.world.fileSystem(id).tags.has('holdfast:role')).toBe(false);
    expect(stage.inbox('ops@example.com').at(-1)?.message).toContain(`The efs ${restored?.id} (${id}-new-`);
  });
});

it('says which file system is which when even the way back fails', async () => {
  const effect = { kind: 'refuse', code: 'AccessDeniedException', message: 'no', status: 403 } as const;
  stage.faults.add({ service: 'ec2', operation: 'AttachVolume', effect, times: 4 });
  stage.faults.add({ service: 'ssm', operation: 'PutParameter', effect, skip: 1, times: 50 });
  await recover(stage, { workload: 'orders-db' });
  const recovery = await recovered(stage, 'orders-db');
  expect(recovery?.state).toBe('stranded');
  const words = recovery?.leftovers?.join('\n') ?? '';
  expect(words).toContain(`${parameter} says ${made()?.id}; it said ${id} before.`);
  expect(words).toContain(`aws ssm put-parameter --name ${parameter} --type String --overwrite --value '${id}'`);
});

describe('what passes', () => {
  it.each([
    ['backup', 'StartRestoreJob', 'lose-reply'],
    ['elasticfilesystem', 'CreateMountTarget', 'lose-reply'],
    ['elasticfilesystem', 'CreateAccessPoint', 'lose-reply'],
    ['ssm', 'SendCommand', 'lose-reply'],
  ] as const)('%s:%s whose reply is lost makes nothing twice', async (service, operation, kind) => {
    stage.faults.add({ service, operation, times: 4, effect: { kind } });
    const execution = await recover(stage, { workload: 'orders-db' });
    expect(failureOf(execution)).toBe(': ');
    expect(systems()).toHaveLength(2);
    expect(stage.services.backup.world.restores.size).toBe(1);
    expect(made()?.accessPoints).toHaveLength(1);
    expect(Object.fromEntries(made()?.files ?? [])).toEqual(files);
  });

  it.each([
    ['backup', 'StartRestoreJob', 'ThrottlingException'],
    ['backup', 'StartRestoreJob', 'LimitExceededException'],
    ['backup', 'DescribeRestoreJob', 'ThrottlingException'],
    ['elasticfilesystem', 'TagResource', 'ThrottlingException'],
  ])('%s:%s that is refused with %s is asked again', async (service, operation, code) => {
    const effect = { kind: 'refuse', code, message: 'slow down', status: 400 } as const;
    stage.faults.add({ service, operation, times: 8, effect });
    expect(failureOf(await recover(stage, { workload: 'orders-db' }))).toBe(': ');
  });
});

it('has its files moved by the instance that promoteOn names, though that is no member', async () => {
  await redeploy(stage, policyOf({ promoteOn: { id: databaseId } }, []));
  expect(failureOf(await recover(stage, { workload: 'orders-db' }))).toBe(': ');
  expect(Object.fromEntries(made()?.files ?? [])).toEqual(files);
  expect(said()).toBe(made()?.id);
});

describe('an instance that promoteOn names, where there is no other', () => {
  const guest = () => stage.services.ec2.world.guest(databaseId);
  const promoted = { promoteOn: { id: databaseId }, cleanUp: { files: ['TEMP.*'], folders: ['tmp'] } };
  const ofThen = { ...files, '/orders/TEMP.usage': 'half', '/tmp/7': 'half', '/orders/tmp/a/8': 'half' };

  beforeEach(async () => {
    closeStage(stage);
    await open(policyOf(promoted, []), { files: ofThen });
  });

  it('takes temporary files away before anybody is led there, and none of the present file system', async () => {
    const { warnings } = await dryRun();
    expect(warnings.join('\n')).toContain(`${databaseId} deletes temporary files there (TEMP.*, tmp/).`);
    let seen: readonly string[] | undefined;
    guest().installProgram('/opt/holdfast/verify', () => {
      seen = [...(made()?.files.keys() ?? [])];
      return 0;
    });
    expect(failureOf(await recover(stage, { workload: 'orders-db' }))).toBe(': ');
    expect(seen?.toSorted()).toEqual(Object.keys(files).toSorted());
    expect(stage.services.efs.world.fileSystem(id).files.get('/tmp/7')).toBe('half');
  });

  it('runs the verify script once all is handed over, which the mail says', async () => {
    const { calls } = await dryRun();
    expect(calls.at(-1)).toContain('"path":["/opt/holdfast/verify"]');
    let found: string | undefined;
    guest().installProgram('/opt/holdfast/verify', () => {
      found = said();
      return 0;
    });
    await recover(stage, { workload: 'orders-db' });
    expect(found).toBe(made()?.id);
    expect(stage.inbox('backups@example.com').at(-1)?.message).toContain('its verify script says that it works');
  });

  it('rolls back what the script does not accept', async () => {
    guest().installProgram('/opt/holdfast/verify', () => 1);
    await recover(stage, { workload: 'orders-db' });
    expect(await recovered(stage, 'orders-db')).toMatchObject({ state: 'rolled-back' });
    expect(said()).toBe(id);
    expect(stage.inbox('ops@example.com').at(-1)?.message).toContain('says that the application does not work');
  });
});

it('of which nobody could run the verify script is not said to work', async () => {
  stage.services.ec2.world.instance(databaseId).state = 'stopped';
  expect(failureOf(await recover(stage, { workload: 'orders-db' }))).toBe(': ');
  const body = stage.inbox('backups@example.com').at(-1)?.message ?? '';
  expect(body).toContain('The verify script was NOT RUN');
  expect(body).not.toContain('says that it works');
});

describe('without an instance that can move the files', () => {
  it('says where they lie and how to move them, leads nobody there, and makes no access point', async () => {
    await redeploy(stage, policyOf({}, [], {}));
    const { warnings, calls } = await dryRun();
    expect(warnings.join('\n')).toContain('The files lie below /aws-backup-restore_<time> of the new file system');
    expect(calls.filter((line: string) => line.startsWith('# by hand: ')).join('\n')).toContain('mount -t nfs4');
    expect(calls.join('\n')).toContain('--root-directory \'{"Path":"/data"}\'');
    const execution = await recover(stage, {
      workload: 'orders-db',
      point: (await recovered(stage, 'orders-db'))?.pointId ?? 'latest',
    });
    expect(failureOf(execution)).toBe(': ');
    expect(said()).toBe(id);
    expect(stage.services.efs.world.fileSystem(id).tags.has('holdfast:role')).toBe(false);
    expect(made()?.accessPoints).toEqual([]);
    const paths = [...(made()?.files.keys() ?? [])];
    expect(paths).not.toEqual([]);
    expect(paths.filter((path) => !path.startsWith('/aws-backup-restore_'))).toEqual([]);
    expect(stage.inbox('backups@example.com').at(-1)?.message).toContain('mount -t nfs4');
  });

  it('refuses one that is named and cannot be asked', async () => {
    await redeploy(stage, policyOf({ promoteOn: { id: 'i-0a0a0a0a0a0a0a0a0' } }));
    expect(failureOf(await recover(stage, { workload: 'orders-db' }))).toContain(
      'the instance that promoteOn names cannot be asked',
    );
  });
});

describe('with the ledger gone', () => {
  it('the new one is given what the present one has, which is told before', async () => {
    closeStage(stage);
    await open(
      nightly({ 'orders-db': database({ members: [{ kind: 'efs', resource: id, parameter }, disk], quiesce }) }),
    );
    await emptyLedger(stage, 'orders-db');
    const { warnings } = await dryRun();
    expect(warnings.join('\n')).toContain('what it was like then went with the ledger');
  });
});

describe('into a folder of the present file system', () => {
  /** Without databases that would refer to the files of then. */
  const inside = (changes: object = {}) => {
    const {
      quiesce: _quiesce,
      recovery: _recovery,
      ...unheld
    } = database({
      members: [{ kind: 'efs', resource: id, restoreInto: 'present', ...changes }],
    });
    return nightly({ 'orders-db': { ...unheld, window: '4h' } });
  };
  const now = () => stage.services.efs.world.fileSystem(id).files;
  const inFolder = () =>
    Object.fromEntries(
      [...now()].flatMap(([path, text]) => {
        const [, below] = /^\/aws-backup-restore_[^/]+(\/.*)$/.exec(path) ?? [];
        return below === undefined ? [] : [[below, text]];
      }),
    );
  const outside = () => [...now().keys()].filter((path) => !path.startsWith('/aws-backup-'));

  beforeEach(async () => {
    closeStage(stage);
    await open(inside());
  });

  it('the files of then are put beside those of now, which stay as they are, and the mail says where', async () => {
    const { warnings, calls } = await dryRun();
    expect(warnings.join('\n')).toContain('its files of now stay where they are');
    expect(warnings.join('\n')).not.toContain('lead applications to');
    expect(calls.join('\n')).toContain(`"newFileSystem":"false","file-system-id":"${id}"`);
    const execution = await recover(stage, { workload: 'orders-db' });
    expect(failureOf(execution)).toBe(': ');
    expect(inFolder()).toEqual(files);
    expect(outside().toSorted()).toEqual([...Object.keys(files), '/orders/3'].toSorted());
    expect(systems()).toHaveLength(1);
    expect(said()).toBe(id);
    expect([...stage.services.efs.world.fileSystem(id).tags.keys()].filter((key) => key === 'holdfast:role')).toEqual(
      [],
    );
    const [job] = stage.services.backup.world.restores.keys();
    const body = stage.inbox('backups@example.com').at(-1)?.message ?? '';
    expect(body).toContain(
      `lie in the folder /aws-backup-restore_<time> of efs ${id}, of the time of the restore job ${job}.`,
    );
    expect(body).toContain('Delete the folder when nobody needs it any more');
    expect(body).not.toContain('the new one');
  });

  it('once, though the reply of the job is lost', async () => {
    stage.faults.add({ service: 'backup', operation: 'StartRestoreJob', times: 4, effect: { kind: 'lose-reply' } });
    expect(failureOf(await recover(stage, { workload: 'orders-db' }))).toBe(': ');
    expect(stage.services.backup.world.restores.size).toBe(1);
    expect(inFolder()).toEqual(files);
  });

  it('a job that fails changes nothing, and one that never ends leaves what it has put there, which is told', async () => {
    stage.services.backup.arrange.nextRestore('FAILED');
    await recover(stage, { workload: 'orders-db' });
    expect(await recovered(stage, 'orders-db')).toMatchObject({ state: 'rolled-back' });
    expect(inFolder()).toEqual({});
    stage.services.backup.arrange.nextRestore('never');
    await recover(stage, { workload: 'orders-db' }, 'recovery-2');
    expect(outside()).toHaveLength(4);
    const body = stage.inbox('ops@example.com').at(-1)?.message ?? '';
    expect(body).toContain(`of efs ${id}, of the time of the restore job`);
    expect(body).toContain('The recovery has left it there: delete it.');
    expect(body).not.toContain('costs what it stores');
  });

  it('is refused when there is no such file system any more', async () => {
    const effect = { kind: 'refuse', code: 'FileSystemNotFound', message: 'no', status: 404 } as const;
    stage.faults.add({ service: 'elasticfilesystem', operation: 'DescribeFileSystems', effect, times: 50 });
    expect(failureOf(await recover(stage, { workload: 'orders-db' }))).toContain('leave restoreInto out of the policy');
  });
});
