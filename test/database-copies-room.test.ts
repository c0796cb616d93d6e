/** What keeps another Region from taking copies of databases, and the doctor tells before a night does: option groups, and its quota of snapshots. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { run as doctor } from '#cli/doctor.ts';
import { scriptedTerminal } from '#cli/scripted-terminal.ts';
import type { PolicyInput } from '#domain/policy-schema.ts';
import { mails } from './scenario/holding.ts';
import { nightly } from './scenario/policy.ts';
import { copyTo, keyId, region } from './scenario/second-region.ts';
import { closeStage, hourMs, openStage, pointsIn, type Stage } from './scenario/stage.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-database-copies-'));
const file = join(folder, 'holdfast.yaml');
let stage: Stage;

afterEach(() => closeStage(stage));
afterAll(() => rmSync(folder, { recursive: true }));

const workload = 'accounts';
const instance = { kind: 'rds', resource: 'accounts' } as const;
const cluster = { kind: 'aurora', resource: 'accounts-history' } as const;

async function open(member: PolicyInput['workloads'][string]['members'][number]): Promise<void> {
  const policy = nightly({ [workload]: { schedule: { cron: '0 3 * * ? *' }, copyTo, members: [member] } });
  writeFileSync(file, stringify(policy));
  stage = await openStage({ policy, neighbours: [region] });
  stage.neighbour(region).services.kms.createKey({ id: keyId });
  stage.services.rds.world.launch({ name: 'accounts' });
  stage.services.rds.world.launchCluster({ name: 'accounts-history' });
}

const there = () => stage.neighbour(region).services.rds;
const newest = async () => (await pointsIn(stage, workload))[0];

/** What the doctor has seen of the copies. */
async function examined(kind = 'rds') {
  const terminal = scriptedTerminal();
  const settings = { stack: 'Holdfast', policy: file, debug: false };
  await stage.drive(doctor({ workload }, { terminal, settings }));
  const { examinations } = Object(terminal.events[0]);
  const subject = `copies of ${kind} in ${region}`;
  return { copies: examinations.find((each: { readonly subject: string }) => each.subject === subject) };
}

describe('an instance with an option that cannot be taken off it', () => {
  const lasting = { OptionName: 'TDE', Persistent: true };
  const another = { OptionName: 'SQLSERVER_AUDIT' };
  const lacking = `rds accounts: its option group secret has TDE, which cannot be left out, so RDS copies it only to a Region with an option group of that name that has them, too`;

  async function openSecret(): Promise<void> {
    await open(instance);
    stage.services.rds.arrange.optionGroup('secret', lasting, another);
    const OptionGroupMemberships = [{ OptionGroupName: 'secret', Status: 'in-sync' }];
    stage.services.rds.world.launch({ name: 'accounts', engine: 'sqlserver-se', settings: { OptionGroupMemberships } });
  }

  it('is copied with the option group of its name there', async () => {
    await openSecret();
    there().arrange.optionGroup('secret', lasting);
    await stage.time.advance(5 * hourMs);
    expect((await newest())?.copy?.state).toBe('whole');
    const [copy] = [...there().world.snapshots.values()];
    expect(copy?.settings.OptionGroupMemberships).toMatchObject([{ OptionGroupName: 'secret' }]);
    expect(mails(stage)).toEqual([]);
  });

  it.each([
    ['there is none', () => undefined, 'there is none in eu-central-1. Make it: aws rds create-option-group --region'],
    [
      'it lacks that option',
      () => there().arrange.optionGroup('secret', another),
      'that of eu-central-1 lacks TDE. Add them: aws rds add-option-to-option-group --region eu-central-1',
    ],
  ])('has its point, and no copy is asked for, where %s', async (_, arrange, told) => {
    await openSecret();
    arrange();
    await stage.time.advance(5 * hourMs);
    const point = await newest();
    expect(point?.verdict.consistency).toBeDefined();
    expect(point?.copy).toMatchObject({ state: 'failed', failure: { problem: expect.stringContaining(lacking) } });
    expect(point?.copy?.failure?.problem).toContain(told);
    expect(stage.calls.of('rds', 'CopyDBSnapshot')).toEqual([]);
    expect(mails(stage)).toHaveLength(1);
  });

  it('is told of by the doctor, before any night', async () => {
    await openSecret();
    const { copies } = await examined();
    expect(copies).toMatchObject({ findings: [{ problem: expect.stringContaining(lacking) }] });
    there().arrange.optionGroup('secret', lasting);
    expect((await examined()).copies).toMatchObject({ findings: [] });
  });
});

describe('the manual snapshots that the Region has room for', () => {
  const has = (count: number) => `this account has ${count} of 100 manual snapshots in eu-central-1`;

  it.each([instance, cluster])('are asked for by the doctor: $kind', async (member) => {
    await open(member);
    there().arrange.snapshotsOfOthers(89);
    expect((await examined(member.kind)).copies).toMatchObject({ findings: [], notes: [] });
    there().arrange.snapshotsOfOthers(90);
    const note = `${member.kind}: ${has(90)}; once there are no more, copies fail. Delete some (aws rds describe-db-`;
    expect((await examined(member.kind)).copies).toMatchObject({
      findings: [],
      notes: [expect.stringContaining(note)],
    });
    there().arrange.snapshotsOfOthers(100);
    const { copies } = await examined(member.kind);
    expect(copies?.findings[0]?.problem).toContain(
      `${member.kind}: ${has(100)}, and a copy of its point makes 1, which its service would refuse. Delete some`,
    );
    expect(copies?.findings[0]?.problem).toContain('--snapshot-type manual --region eu-central-1)');
  });

  it('are told of with the quota’s name where there are no more', async () => {
    await open(instance);
    there().arrange.snapshotsOfOthers(100);
    await stage.time.advance(5 * hourMs);
    const { copy } = (await newest()) ?? {};
    expect(copy?.state).toBe('failed');
    expect(copy?.failure?.problem).toContain('have the quota “Manual DB instance snapshots” raised');
  });
});
