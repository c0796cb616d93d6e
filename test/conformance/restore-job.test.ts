/** What holds of a kind that AWS Backup restores, over the simulated services and the SDK's own clients. */
import { BackupClient, CreateBackupVaultCommand } from '@aws-sdk/client-backup';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Artifact } from '#domain/artifact.ts';
import type { ManagedMember, Workload } from '#domain/policy.ts';
import { parsePolicy } from '#domain/policy-schema.ts';
import type { Recovery, RecoveryTarget } from '#domain/recovery.ts';
import { enter } from '#domain/recovery-progress.ts';
import { providerOf } from '#providers/index.ts';
import { restorerOf } from '#providers/restorers.ts';
import { denied as deny, throttled } from '#simulator/kernel/faults.ts';
import { createRegion, type Region } from '#simulator/region.ts';
import { closeCleanly } from './close-cleanly.ts';
import { one } from './one.ts';

const minuteMs = 60_000;
const roles = ['copies', 'restores'].map((name) => `arn:aws:iam::111122223333:role/${name}`);

type Operation = readonly [service: string, name: string];

interface Case {
  readonly member: ManagedMember;
  /** Operations that a recovery needs. */
  readonly passing: readonly Operation[];
  readonly denied: readonly Operation[];
}

const ofJobs: readonly Operation[] = [
  ['backup', 'StartRestoreJob'],
  ['backup', 'DescribeRestoreJob'],
];

/** The calls are the same whatever the type. */
const ofArn = (resource: string, restore?: ManagedMember['restore'], calls: readonly Operation[] = []): Case => ({
  member: { kind: 'aws-backup', resource, tier: 1, ...(restore === undefined ? {} : { restore }) },
  passing: calls,
  denied: calls,
});

const cases: Readonly<Record<string, Case>> = {
  EFS: {
    member: { kind: 'efs', resource: 'fs-0a1b2c3d', tier: 1 },
    passing: [
      ...ofJobs,
      ['elasticfilesystem', 'DescribeFileSystems'],
      ['elasticfilesystem', 'CreateMountTarget'],
      ['elasticfilesystem', 'UpdateFileSystem'],
    ],
    denied: [
      ...ofJobs,
      ['elasticfilesystem', 'TagResource'],
      ['elasticfilesystem', 'CreateMountTarget'],
      ['elasticfilesystem', 'PutLifecycleConfiguration'],
    ],
  },
  Aurora: ofArn('arn:aws:rds:eu-west-1:111122223333:cluster:catalogue', undefined, [
    ...ofJobs,
    ['backup', 'DescribeProtectedResource'],
  ]),
  FSx: ofArn('arn:aws:fsx:eu-west-1:111122223333:file-system/fs-0f5a0000'),
  'a volume of FSx': ofArn('arn:aws:fsx:eu-west-1:111122223333:volume/fs-0f5a0000/fsvol-0a1b2c3d', {
    ...{ storageVirtualMachine: 'svm-0a1b2c3d', sizeMegabytes: 1024 },
  }),
  S3: ofArn('arn:aws:s3:::orders'),
  'Storage Gateway': ofArn('arn:aws:storagegateway:eu-west-1:111122223333:gateway/sgw-1A2B3C4D/volume/vol-1122AABB', {
    zone: 'eu-west-1a',
  }),
};
const everything = {
  effect: 'Allow',
  ...{ actions: ['*'], notActions: [], resources: ['*'], notResources: [], conditions: {} },
} as const;

describe.each(Object.entries(cases))('a recovery by AWS Backup: %s', (_, { member, passing, denied }) => {
  const provider = providerOf(member.kind);
  const restorer = restorerOf(member.kind);

  let region: Region;
  let recovery: Recovery;
  let target: RecoveryTarget;

  beforeEach(async () => {
    region = await createRegion({ startMs: Date.UTC(2026, 0, 15, 3) });
    Object.assign(process.env, {
      ...{ AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'AKIAOPERATOR', AWS_SECRET_ACCESS_KEY: 'simulated' },
      ...{ HOLDFAST_STACK: 'Holdfast', HOLDFAST_VAULT: 'ours' },
      ...{ HOLDFAST_BACKUP_ROLE: roles[0], HOLDFAST_RESTORE_ROLE: roles[1] },
    });
    // The roles stand for themselves here; that the deployed ones suffice is shown by whole recoveries.
    for (const arn of roles) {
      const caller = { kind: 'role', arn, name: arn } as const;
      region.identities.register(arn, { caller, policies: [{ name: 'all', statements: [everything] }] });
    }
    await region.drive(new BackupClient({}).send(new CreateBackupVaultCommand({ BackupVaultName: 'ours' })));
    if (member.kind === 'efs') region.services.efs.world.create({ id: member.resource, files: { '/one': '1' } });
    else region.services.backup.world.add(member.resource);
    ({ recovery, target } = await planned());
  });

  afterEach(() => closeCleanly(region));

  /** Of a copy that is complete. */
  async function planned(): Promise<{ readonly recovery: Recovery; readonly target: RecoveryTarget }> {
    const run = {
      ...{ stack: 'Holdfast', workload: 'files', runId: 'files-1', count: 1 },
      scheduledAt: '',
      momentAt: '',
      expiresAt: '',
    };
    const { members } = await region.drive(provider.plan([member], workload(), []));
    const [begun] = await region.drive(provider.begin(one(members), run, false));
    await region.time.advance(20 * minuteMs);
    const artifacts: readonly Artifact[] = await region.drive(provider.progress(begun === undefined ? [] : [begun]));
    const verdict = { consistency: 'crash-consistent', evidence: [] } as const;
    const point = { ...{ id: 'files-1', workload: 'files', takenAt: '', sealedAt: '' }, artifacts, verdict };
    const plan = await region.drive(restorer.plan(point, { workload: 'files' }, workload(), []));
    expect(plan.refusals).toEqual([]);
    expect(JSON.parse(JSON.stringify(plan.targets))).toEqual(plan.targets);
    const of = { id: 'recovery-1', workload: 'files', request: { workload: 'files' }, pointId: 'files-1' };
    const whole = { ...plan, safetySnapshot: true, keepReplacedDays: 7 };
    const startedAt = new Date().toISOString();
    const record: Recovery = { ...of, startedAt, state: 'planned', plan: whole, phases: [] };
    return { recovery: enter(record, 'create', startedAt), target: one(plan.targets) };
  }

  function workload(): Workload {
    const workloads = { files: { schedule: { rate: '1 day' }, members: [member] } };
    const parsed = parsePolicy({ version: 1, mail: { failures: ['ops@example.com'] }, workloads });
    return one('policy' in parsed ? parsed.policy.workloads : []);
  }

  /** As the state machine calls it: again until it is done. */
  async function create(from = target, calls = 60): Promise<RecoveryTarget> {
    const result = await region.drive(restorer.create(from, recovery));
    if (result.done || calls === 0) return result.target;
    return create(result.target, calls - 1);
  }

  const jobs = () => [...region.services.backup.world.restores.values()];

  it('makes one resource, and asks for one job, also when the first asking was forgotten', async () => {
    await region.drive(restorer.create(target, recovery));
    const { detail } = await create();
    expect(jobs()).toHaveLength(1);
    expect(jobs()[0]?.createdArn?.endsWith(String(detail.restoredId))).toBe(true);
    expect(await create({ ...target, detail })).toMatchObject({ detail });
  });

  it('keeps the job with the target as soon as it is asked for', async () => {
    const { done, target: after } = await region.drive(restorer.create(target, recovery));
    expect({ done, job: after.detail.job }).toEqual({ done: false, job: jobs()[0]?.id });
  });

  it.each(passing)('is done all the same when %s:%s is throttled for a while', async (service, operation) => {
    region.faults.add({ service, operation, times: 6, effect: throttled('ThrottlingException', 400) });
    expect((await create()).detail.restoredId).toBeDefined();
  });

  it.each(denied)('fails with ProviderFault when %s:%s is denied', async (service, operation) => {
    region.faults.add({ service, operation, times: Number.POSITIVE_INFINITY, effect: deny() });
    const outcome = create().then(
      () => 'none',
      (error: Error) => error.name,
    );
    expect(await outcome).toBe('ProviderFault');
  });

  it.each(['FAILED', 'ABORTED'] as const)('fails with AWS Backup’s words when the job has %s', async (end) => {
    region.services.backup.arrange.nextRestore(end);
    await expect(create()).rejects.toThrow(`is not restored: the restore job`);
  });

  it('tells what it has left when it is rolled back', async () => {
    const made = await create();
    const undone = await region.drive(restorer.rollBack(made, enter(recovery, 'roll-back', new Date().toISOString())));
    expect(undone.target.leaves).toContain(`The ${member.kind} ${made.detail.restoredId}`);
  });

  it('finds the job whose answer never came when it is rolled back, and tells what that has made', async () => {
    const rolling = enter(recovery, 'roll-back', new Date().toISOString());
    expect((await region.drive(restorer.rollBack(target, rolling))).target.leaves).toBeUndefined();
    await create();
    const undone = await region.drive(restorer.rollBack(target, rolling));
    expect(undone.target.leaves).toContain(jobs()[0]?.createdArn?.split('/').at(-1));
  });

  it('leaves nothing, and says so, when its job was aborted before it made anything', async () => {
    region.services.backup.arrange.nextRestore('ABORTED');
    const { target: asked } = await region.drive(restorer.create(target, recovery));
    await create(asked).catch(() => undefined);
    const undone = await region.drive(restorer.rollBack(asked, enter(recovery, 'roll-back', new Date().toISOString())));
    expect(undone.target.leaves).toBeUndefined();
  });
});
