import type * as Backup from '@aws-sdk/client-backup';
import { describe, expect, it } from 'vitest';
import { createManualKernel } from '../ec2/manual-kernel.ts';
import { createEfs } from '../efs/efs.ts';
import type { InnerCall, Perform } from '../perform.ts';
import { createBackup } from './backup.ts';
import type { Rule, Selection } from './plans.ts';

const of = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:111122223333:${rest}`;
const homes = of('elasticfilesystem', 'file-system/fs-0a1b2c3d');
const share = of('fsx', 'file-system/fs-0f5a');
const cluster = of('rds', 'cluster:catalogue');
const roleArn = 'arn:aws:iam::111122223333:role/copy';
const tags = { cluster: 'hpc-1', backup: 'daily' };
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const daily: Rule = {
  ...{ name: '1-day', vault: 'vault', expression: 'cron(0 5 ? * * *)', timeZone: 'UTC', startWindowMs: hourMs },
  ...{ lifecycle: { deleteAfterDays: 30 }, tags: { made: 'by-plan' } },
};

/** At 02:00, with a plan that copies what has both tags. */
async function setUp(rules: readonly Rule[] = [daily], perform?: Perform, selection: Partial<Selection> = {}) {
  const kernel = createManualKernel();
  const efs = createEfs(kernel);
  const inner: InnerCall[] = [];
  const noted: Perform = async (call) => void inner.push(call);
  const backup = createBackup(kernel, { efs, perform: perform ?? noted, tagged: efs.world.fileSystems });
  efs.world.create({ id: 'fs-0a1b2c3d', tags });
  backup.world.add(share, { tags: { cluster: 'hpc-1' } });
  await kernel.call(backup, 'CreateBackupVault', { BackupVaultName: 'vault' });
  backup.plans.deploy('plan', 'cluster', rules);
  backup.plans.select('plan', 'selection', { roleArn, resources: ['*'], tags, ...selection });
  const jobs = () => [...backup.world.jobs.values()];
  return { kernel, backup, inner, jobs };
}

describe('a rule of a plan', () => {
  it('begins a job of all that carries all the tags, somewhere within the start window, in the role of the selection', async () => {
    const { kernel, jobs, inner } = await setUp();
    await kernel.advance(3 * hourMs - 1);
    expect(jobs()).toEqual([]);
    await kernel.advance(1);
    expect(jobs()).toMatchObject([{ vault: 'vault', roleArn, state: 'CREATED', source: { arn: homes } }]);
    await kernel.advance(hourMs);
    expect(inner).toMatchObject([{ operation: 'Backup', caller: { arn: roleArn } }]);
    const running = kernel.events.find(({ detail }) => detail.state === 'RUNNING');
    expect(running?.detail).toMatchObject({ resourceArn: homes, createdBy: { backupPlanId: 'plan' } });
    await kernel.advance(hourMs);
    expect(jobs()).toMatchObject([{ state: 'COMPLETED' }]);
    expect(kernel.events.map(({ detail }) => detail.state)).toEqual(['CREATED', 'RUNNING', 'COMPLETED']);
  });

  it('counts in its time zone', async () => {
    const { kernel, jobs } = await setUp([{ ...daily, timeZone: 'America/New_York' }]);
    await kernel.advance(8 * hourMs - 1);
    expect(jobs()).toEqual([]);
    await kernel.advance(1);
    expect(jobs()).toHaveLength(1);
  });

  it('leaves a point with its tags and lifecycle, which moves to cold storage and goes', async () => {
    const lifecycle = { coldAfterDays: 1, deleteAfterDays: 91 };
    const { kernel, backup } = await setUp([{ ...daily, expression: 'cron(0 5 15 1 ? *)', lifecycle }]);
    const listed = async () => {
      const input = { BackupVaultName: 'vault' };
      type Output = Backup.ListRecoveryPointsByBackupVaultOutput;
      return (await kernel.call<Output>(backup, 'ListRecoveryPointsByBackupVault', input)).RecoveryPoints;
    };
    await kernel.advance(dayMs);
    expect(await listed()).toMatchObject([
      { ResourceArn: homes, Status: 'COMPLETED', StorageClass: 'WARM', CreatedBy: { BackupRuleName: '1-day' } },
    ]);
    expect([...backup.world.points.values()].map((point) => Object.fromEntries(point.tags))).toEqual([
      { made: 'by-plan' },
    ]);
    await kernel.advance(dayMs);
    expect(await listed()).toMatchObject([{ StorageClass: 'COLD' }]);
    await kernel.advance(91 * dayMs);
    expect(await listed()).toEqual([]);
  });

  it('has its job wait for another of the resource, and expire with the start window', async () => {
    const { kernel, backup, jobs } = await setUp();
    backup.arrange.nextJob('never');
    backup.world.startElsewhere(homes);
    await kernel.advance(5 * hourMs);
    expect(jobs().map(({ state }) => state)).toEqual(['RUNNING', 'EXPIRED']);
    const told = kernel.events.find(({ detail }) => detail.state === 'EXPIRED')?.detail;
    expect(told?.statusMessage).toContain('running job for the same resource');
  });

  it('has a job stopped that is not complete by the end of the completion window', async () => {
    const { kernel, backup, jobs } = await setUp([{ ...daily, completionWindowMs: 2 * hourMs }]);
    backup.arrange.nextJob('never');
    await kernel.advance(6 * hourMs);
    expect(jobs().map(({ state }) => state)).toEqual(['ABORTED']);
  });

  it('gives way to another whose start window overlaps, and which keeps its copies longer', async () => {
    const monthly: Rule = { ...daily, name: '2-month', expression: 'cron(30 5 16 * ? *)' };
    const { kernel, jobs } = await setUp([daily, { ...monthly, lifecycle: { deleteAfterDays: 365 } }]);
    await kernel.advance(3 * dayMs);
    expect(jobs().map(({ createdBy }) => createdBy?.BackupRuleName)).toEqual(['1-day', '2-month', '1-day']);
  });

  it('has its job fail in a role that may not read', async () => {
    const { kernel, jobs } = await setUp([daily], () => Promise.reject(new Error('not authorized')));
    await kernel.advance(5 * hourMs);
    expect(jobs()).toMatchObject([{ state: 'FAILED', category: 'AccessDenied' }]);
  });
});

describe('the service opt-in', () => {
  it('counts where tags alone select', async () => {
    const { kernel, backup, jobs } = await setUp();
    backup.arrange.optOut('EFS');
    await kernel.advance(5 * hourMs);
    expect(jobs()).toEqual([]);
  });

  it('does not count where types are named, but for clusters', async () => {
    const resources = [of('elasticfilesystem', 'file-system/*'), of('rds', 'cluster:*')];
    const { kernel, backup, jobs } = await setUp([daily], undefined, { resources });
    backup.world.add(cluster, { tags });
    backup.arrange.optOut('EFS');
    backup.arrange.optOut('Aurora');
    await kernel.advance(5 * hourMs);
    expect(jobs().map(({ source }) => source.arn)).toEqual([homes]);
  });
});
