/** What `holdfast status` and `holdfast doctor` tell of the plans of AWS Backup. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { run as doctor } from '#cli/doctor.ts';
import { scriptedTerminal } from '#cli/scripted-terminal.ts';
import type { Run } from '#cli/shell.ts';
import { run as status } from '#cli/status.ts';
import type { PolicyInput } from '#domain/policy-schema.ts';
import { databaseId, nightly } from './scenario/policy.ts';
import { closeStage, dayMs, hourMs, openStage, type Stage } from './scenario/stage.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-plans-'));
const policyFile = join(folder, 'holdfast.yaml');
let stage: Stage;

afterEach(() => closeStage(stage));
afterAll(() => rmSync(folder, { recursive: true }));

const tags = { cluster: 'hpc-1' };
const of = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:111122223333:${rest}`;
const homes = of('elasticfilesystem', 'file-system/fs-0a1b2c3d');

type Plan = NonNullable<PolicyInput['plans']>[string];
const policyWith = (plan: Partial<Plan>): PolicyInput => ({
  ...nightly(),
  plans: { cluster: { select: { tags }, ...plan } },
});

async function open(plan: Partial<Plan> = {}, deployed: PolicyInput = policyWith(plan)): Promise<void> {
  stage = await openStage({ policy: deployed });
  writeFileSync(policyFile, stringify(policyWith(plan)));
  stage.services.efs.world.create({ id: 'fs-0a1b2c3d', tags });
}

async function ask(command: Run, typed: object = {}) {
  const terminal = scriptedTerminal();
  const settings = { stack: 'Holdfast', policy: policyFile, debug: false };
  const code = await stage.drive(command(typed, { terminal, settings }));
  const text = terminal.lines.join('\n');
  expect(text.split('\n').filter((line) => line.length > 100)).toEqual([]);
  return { code, text, plain: text.replaceAll(/\s+/g, ' '), document: Object(terminal.events[0]) };
}

const tagged = (more: Readonly<Record<string, string>>, instance = 'orders-db'): void => {
  for (const [key, value] of Object.entries(more)) stage.services.ec2.world.instance(instance).tags.set(key, value);
};

describe('the status of a plan', () => {
  it('has its next times, and what it reaches with the newest copy of each', async () => {
    await open({ rules: [{}, { every: 'month', timeZone: 'Europe/Paris' }, { cron: '0 15 * * ? *' }] });
    await stage.time.advance(dayMs);
    stage.services.backup.world.add(of('fsx', 'file-system/fs-0f5a0000'), { tags });
    const { code, text, plain, document } = await ask(status);
    expect(code).toBe(0);
    expect(document.plans).toMatchObject([
      {
        plan: 'cluster',
        vault: 'holdfast-plan-cluster-simulated',
        rules: [
          { name: '1-day', nextAt: '2026-01-16T05:00:00.000Z' },
          { name: '2-month', nextAt: '2026-02-01T04:00:00.000Z' },
          { name: '3-day', nextAt: '2026-01-16T15:00:00.000Z' },
        ],
        resources: [
          { resource: homes, type: 'efs', newestCopy: { state: 'COMPLETED', takenAt: expect.stringMatching(/T15/) } },
          { resource: of('fsx', 'file-system/fs-0f5a0000'), type: 'fsx' },
        ],
        troubles: [],
        lacking: [],
      },
    ]);
    expect(plain).toContain('Plan cluster, next: 1-day 2026-01-16 05:00 UTC, 2-month 2026-02-01 05:00 Europe/Paris');
    expect(text).toMatch(/EFS file system +fs-0a1b2c3d +\d+ h( \d+ min)? ago +COMPLETED/);
    expect(text).toMatch(/FSx file system +fs-0f5a0000 +none/);
  });

  it('has what came to no good end since yesterday, in AWS Backup’s words', async () => {
    await open();
    stage.services.backup.arrange.nextJob('issues');
    await stage.time.advance(10 * hourMs);
    const { plain, document } = await ask(status);
    expect(plain).toContain('COMPLETED with issues fs-0a1b2c3d, begun 2026-01-15 05:00:00Z: Completed with issues.');
    expect(document.plans[0].troubles).toMatchObject([{ resource: homes, trouble: 'COMPLETED with issues' }]);
    await stage.time.advance(dayMs);
    expect((await ask(status)).document.plans[0].troubles).toEqual([]);
  });

  it('says that a plan copies nothing, or is not deployed', async () => {
    await open({ select: { tags: { cluster: 'hpc-2' } } });
    expect((await ask(status)).text).toContain('Nothing carries all of its tags: it copies nothing.');
    closeStage(stage);
    await open({}, nightly());
    expect((await ask(status)).text).toContain('It is not in the deployed policy: npx cdk deploy');
  });

  it('is left out where a workload is named', async () => {
    await open();
    const { document } = await ask(status, { workload: 'orders-db' });
    expect(document.plans).toBeUndefined();
  });
});

describe('the doctor of plans', () => {
  it('finds nothing where nothing is wrong', async () => {
    await open();
    const { code, text } = await ask(doctor, { plans: true });
    expect([code, text]).toEqual([0, 'fit      plan cluster\nNothing speaks against the next run of the plans.']);
  });

  it('names types that AWS Backup leaves alone, with the command that changes that', async () => {
    await open();
    stage.services.backup.arrange.optOut('EFS');
    const { code, plain } = await ask(doctor, { plans: true });
    expect(code).toBe(3);
    expect(plain).toContain(
      'plan cluster: AWS Backup is told to leave EFS alone in this Region, so of 1 EFS file system it copies none.',
    );
    expect(plain).toMatch(/Change that: aws backup update-region-settings .* '\{.*"EFS":true,.*"S3":true,.*\}'/);
  });

  it('says nothing of the settings where the plan names the type, but of clusters', async () => {
    await open({ select: { tags, types: ['efs', 'cluster'] } });
    stage.services.rds.world.launchCluster({ name: 'catalogue', tags });
    stage.services.backup.arrange.optOut('EFS');
    expect((await ask(doctor, { plans: true })).code).toBe(0);
    stage.services.backup.arrange.optOut('Aurora');
    const { code, plain } = await ask(doctor, { plans: true });
    expect(code).toBe(3);
    expect(plain).toContain('so of 1 DB cluster it copies none that are of Aurora.');
  });

  it('names what carries some of the tags, or values like them, with the command that adds them', async () => {
    const both = { cluster: "o'hara", backup: 'Daily' };
    await open({ select: { tags: both } });
    stage.services.efs.world.create({ id: 'fs-0b', tags: both });
    tagged({ cluster: "o'hara" });
    stage.services.efs.world.create({ id: 'fs-0c', tags: { cluster: "O'HARA", backup: 'daily' } });
    stage.services.efs.world.create({ id: 'fs-0d', tags: { cluster: 'other', backup: 'never' } });
    const { code, plain, document } = await ask(doctor, { plans: true });
    expect(code).toBe(0);
    const instance = of('ec2', `instance/${databaseId}`);
    expect(document.examinations[0].notes).toEqual([
      `${instance} is not copied: it carries cluster=o'hara, and it lacks backup=Daily.`,
      `${of('elasticfilesystem', 'file-system/fs-0c')} is not copied: it carries cluster=O'HARA, backup=daily, and it lacks cluster=o'hara and backup=Daily.`,
      'If they are to be copied, tag them:',
    ]);
    const arns = JSON.stringify([instance, of('elasticfilesystem', 'file-system/fs-0c')]);
    expect(document.examinations[0].commands).toEqual([
      `aws resourcegroupstaggingapi tag-resources --resource-arn-list '${arns}' --tags ${String.raw`'{"cluster":"o'\''hara","backup":"Daily"}'`}`,
    ]);
    expect(plain).toContain(`tag them: aws resourcegroupstaggingapi tag-resources`);
    expect((await ask(status)).plain).toContain(`NOT COPIED, for want of tags: ${databaseId}, fs-0c.`);
  });

  it('names volumes of instances that carry the tags, where the plan takes volumes and no instances', async () => {
    await open({ select: { tags, types: ['ebs'] } });
    tagged(tags, 'appliance');
    const { document } = await ask(doctor, { plans: true });
    const volumes = [...stage.services.ec2.world.volumes.values()].filter(
      ({ attachment }) => attachment?.instanceId === stage.services.ec2.world.instance('appliance').id,
    );
    expect(volumes.length).toBeGreaterThan(0);
    for (const { id } of volumes) {
      expect(document.examinations[0].notes).toContainEqual(
        expect.stringContaining(`${of('ec2', `volume/${id}`)} is not copied: its instance`),
      );
    }
    closeStage(stage);
    await open({ select: { tags, types: ['ebs', 'ec2'] } });
    tagged(tags, 'appliance');
    expect((await ask(doctor, { plans: true })).document.examinations[0].notes).toBeUndefined();
  });

  it('is bad usage where the policy has no plans', async () => {
    await open({}, nightly());
    writeFileSync(policyFile, stringify(nightly()));
    await expect(ask(doctor, { plans: true })).rejects.toThrow('has no plans of AWS Backup to look at.');
  });
});
