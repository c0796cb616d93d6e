/** What holds of every kind that AWS Backup copies, over the simulated service and the SDK's own client. */
import { BackupClient, CreateBackupVaultCommand } from '@aws-sdk/client-backup';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Artifact } from '#domain/artifact.ts';
import { kindFacts } from '#domain/member-kinds.ts';
import type { ManagedMember, Workload } from '#domain/policy.ts';
import { parsePolicy } from '#domain/policy-schema.ts';
import type { PlannedMember, Run } from '#domain/run.ts';
import { providerOf, providers } from '#providers/index.ts';
import type { RunTags } from '#providers/provider.ts';
import { denied, throttled } from '#simulator/kernel/faults.ts';
import { createRegion, type Region } from '#simulator/region.ts';
import { ofKinds } from '../kinds/of-kinds.ts';
import { closeCleanly } from './close-cleanly.ts';
import type { CopiedArrangement } from './copied-arrangement.ts';
import { one } from './one.ts';

const minuteMs = 60_000;
const name = 'a-workload-with-a-very-long-name';
const run: RunTags = {
  ...{ stack: 'Holdfast', workload: name, runId: `${name}-20260115T030000Z`, count: 1 },
  ...{ scheduledAt: '2026-01-15T03:00:00.000Z', expiresAt: '2026-02-14T03:00:00.000Z' },
  momentAt: '2026-01-15T02:59:57.000Z',
};
const found = await ofKinds<{ readonly copied: CopiedArrangement }>('copied');
const members = found.map(([kind, { copied }]) => [kind, copied.member] as const);

let region: Region;

beforeEach(async () => {
  region = await createRegion({ startMs: Date.UTC(2026, 0, 15, 3) });
  Object.assign(process.env, {
    ...{ AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'AKIAOPERATOR', AWS_SECRET_ACCESS_KEY: 'simulated' },
    ...{ HOLDFAST_STACK: 'Holdfast', HOLDFAST_VAULT: 'ours' },
    HOLDFAST_BACKUP_ROLE: 'arn:aws:iam::111122223333:role/copies',
  });
  const vault = { BackupVaultName: 'ours', BackupVaultTags: {} };
  await region.drive(new BackupClient({}).send(new CreateBackupVaultCommand(vault)));
  for (const [, { copied }] of found) copied.launch(region);
  // The role stands for itself here; that the deployed one suffices is shown by the nights.
  region.identities.register('ASIACOPIES', {
    caller: { kind: 'role', arn: 'arn:aws:iam::111122223333:role/copies', name: 'role:copies' },
    policies: [allowAll],
  });
});

const allowAll = {
  name: 'all',
  statements: [{ effect: 'Allow', actions: ['*'], notActions: [], resources: ['*'], notResources: [], conditions: {} }],
} as const;

afterEach(() => closeCleanly(region));

it('is asked of every kind that AWS Backup copies', () => {
  const copied = providers.map(({ kind }) => kind).filter((kind) => kindFacts(kind).jobOfAwsBackup);
  expect(members.map(([kind]) => kind)).toEqual(copied);
});

describe.each(members)('%s', (kind, member) => {
  const provider = providerOf(kind);
  const jobs = () => [...region.services.backup.world.jobs.keys()];
  const planned = (others: readonly Workload[] = []) =>
    region.drive(provider.plan([member], workloadOf(member), others));
  const plannedMember = async (): Promise<PlannedMember> => one((await planned()).members);
  const begun = async (planned?: PlannedMember, again = false): Promise<Artifact> =>
    one(await region.drive(provider.begin(planned ?? (await plannedMember()), run, again)));
  const progressed = async (artifact: Artifact): Promise<Artifact> =>
    one(await region.drive(provider.progress([artifact])));
  const completed = async (): Promise<Artifact> => {
    const artifact = await begun();
    await region.time.advance(20 * minuteMs);
    return progressed(artifact);
  };

  it('plans one artifact, which is JSON, and refuses one that belongs to another workload', async () => {
    const plan = await planned();
    expect(plan).toMatchObject({ refusals: [], members: [{ ...member, artifacts: 1 }] });
    expect(JSON.parse(JSON.stringify(plan.members))).toEqual(plan.members);
    expect((await planned([workloadOf(member, 'other')])).refusals).toEqual([
      `${kind} ${member.resource} is also claimed by the workload other.`,
    ]);
  });

  it('makes one job, however often it is begun', async () => {
    const planned = await plannedMember();
    const first = await begun(planned);
    expect((await begun(planned, true)).id).toBe(first.id);
    expect((await begun(planned)).id).toBe(first.id);
    expect(jobs()).toEqual([first.id]);
  });

  it('is fixed between the beginning and the end of its job, once', async () => {
    const artifact = await begun();
    expect(artifact).toMatchObject({ state: 'pending', cut: { lower: artifact.startedAt } });
    await region.time.advance(2 * minuteMs);
    expect((await progressed(artifact)).cut?.upper).toBeUndefined();
    await region.time.advance(20 * minuteMs);
    const done = await progressed(artifact);
    expect(done.state).toBe('completed');
    expect(Date.parse(done.cut?.upper ?? '')).toBeGreaterThan(Date.parse(artifact.startedAt) + 8 * minuteMs);
    expect(await progressed(done)).toEqual(done);
  });

  it('is told from its tags when nothing else is left', async () => {
    const done = await completed();
    const labels = { verdict: 'application-consistent', expiresAt: '2026-03-01T00:00:00.000Z' };
    await region.drive(provider.label([done], labels));
    const { artifact, tags } = one(await region.drive(provider.tagged(name)));
    expect(artifact).toMatchObject({ kind, source: member.resource, tier: 1, state: 'completed', cut: done.cut });
    expect(tags).toMatchObject({ 'holdfast:run': run.runId, 'holdfast:verdict': labels.verdict });
    expect(await region.drive(provider.tagged('another'))).toEqual([]);
    expect(await progressed(artifact)).toMatchObject({ state: 'completed' });
    expect(await region.drive(provider.discard(artifact))).toBe(false);
  });

  it('is gone when AWS Backup says so, and not before', async () => {
    const done = await completed();
    const discarded = () => region.drive(provider.discard(done));
    expect([await discarded(), await discarded()]).toEqual([false, false]);
    expect(await progressed(done)).toMatchObject({ state: 'error', problem: expect.stringContaining('DELETING') });
    await region.time.advance(5 * minuteMs);
    expect(await discarded()).toBe(true);
    expect(await progressed(done)).toMatchObject({ state: 'gone' });
  });

  it('is stopped before it is deleted', async () => {
    const artifact = await begun();
    await region.time.advance(minuteMs);
    expect(await region.drive(provider.discard(artifact))).toBe(false);
    await region.time.advance(minuteMs);
    expect(await progressed(artifact)).toMatchObject({ state: 'error', problem: expect.stringContaining('ABORTED') });
    expect(await region.drive(provider.discard(artifact))).toBe(true);
  });

  it('finds what a run has left that the ledger never learnt of, and nothing of the run after it', async () => {
    const planned = await plannedMember();
    const beganAt = new Date().toISOString();
    const { id } = await begun(planned);
    await region.time.advance(30 * minuteMs);
    const endedAt = new Date().toISOString();
    await region.drive(provider.begin(planned, { ...run, runId: 'the-next' }, false));
    const left = await region.drive(provider.left(failedRun(planned, beganAt, endedAt)));
    expect(left.map((artifact) => artifact.id)).toEqual([id]);
    expect(jobs()).toHaveLength(2);
  });

  describe.each([
    ['throttled', throttled('ThrottlingException', 400), 'TransientFault'],
    ['denied', denied(), 'ProviderFault'],
  ] as const)('%s', (_, effect, expected) => {
    it.each([
      ['ListBackupJobs', () => planned()],
      ['StartBackupJob', () => begun()],
      ['DescribeBackupJob', async () => progressed(await begun())],
      ['DeleteRecoveryPoint', async () => region.drive(provider.discard(await completed()))],
    ] as const)(`is ${expected} at %s`, async (operation, act) => {
      region.faults.add({ service: 'backup', operation, times: Number.POSITIVE_INFINITY, effect });
      const outcome = act().then(
        () => 'none',
        (error: Error) => error.name,
      );
      expect(await outcome).toBe(expected);
    });
  });
});

function workloadOf(member: ManagedMember, words = name): Workload {
  const workloads = { [words]: { schedule: { rate: '1 day' }, members: [member] } };
  const parsed = parsePolicy({ version: 1, mail: { failures: ['ops@example.com'] }, workloads });
  return one('policy' in parsed ? parsed.policy.workloads : []);
}

const failedRun = (planned: PlannedMember, beganAt: string, endedAt: string): Run => ({
  ...{ id: run.runId, workload: name, scheduledAt: run.scheduledAt, startedAt: run.scheduledAt },
  ...{ trigger: 'schedule', state: 'failed', artifacts: [], endedAt },
  plan: { members: [planned], hooks: [], onQuiesceFailure: 'abort' },
  window: { intendedAt: beganAt, deadlineAt: endedAt, holds: [], attemptedTiers: [1], beganAt },
});
