/** `holdfast plan` looks ahead: whether the Region keeps up with the schedules, as the snapshots that there are in EC2 tell. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateSnapshotsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { run } from '#cli/plan.ts';
import { scriptedTerminal } from '#cli/scripted-terminal.ts';
import { database, databaseId, nightly } from './scenario/policy.ts';
import { closeStage, hourMs, openStage, type Stage, window } from './scenario/stage.ts';
import { thinOutSweeps } from './scenario/sweeps.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-look-ahead-'));
const policyFile = join(folder, 'holdfast.yaml');
let stage: Stage;

/** A first snapshot of 100 GiB, a third of it used, takes seven hours; one of what has changed in a day is much quicker. */
const durations = { completeSnapshot: 30_000, completeSnapshotPerGib: 756_000 };

beforeEach(async () => {
  stage = await openStage({ policy: nightly({ 'orders-db': database() }), ec2: { durations } });
  thinOutSweeps(stage, 4); // That points are sealed late is of no account here.
});
afterEach(() => closeStage(stage));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the plan says when the four volumes are to be backed up so often. */
async function planFor(cron: string, rpo: string, changes: Parameters<typeof database>[0] = {}) {
  const often = database({ schedule: { cron, timeZone: 'UTC' }, objectives: { rpo, rto: '45m' }, ...changes });
  writeFileSync(policyFile, stringify(nightly({ 'orders-db': often })));
  const terminal = scriptedTerminal();
  const settings = { stack: 'Holdfast', policy: policyFile, debug: false };
  const code = await stage.drive(run({}, { terminal, settings }));
  const { forecast, warnings } = Object(terminal.events[0]);
  return { code, forecast, warnings, text: terminal.lines.join('\n').replaceAll(/\s+/g, ' ') };
}

const everyQuarter = ['0/15 * * * ? *', '1h'] as const;

/** The next night until its snapshots are complete. @returns how long they took on the average, seconds */
async function night(): Promise<number> {
  await window(stage);
  await stage.time.advance(10 * hourMs);
  const newest = [...stage.services.ec2.world.snapshots.values()].slice(-4);
  const seconds = newest.map(({ startTimeMs, completionTimeMs = NaN }) => (completionTimeMs - startTimeMs) / 1000);
  return Math.round(seconds.reduce((sum, each) => sum + each, 0) / 4);
}

it('refuses schedules that ask for more than the Region can complete, going by how long snapshots have taken', async () => {
  const seconds = await night();
  const { code, forecast, text } = await planFor(...everyQuarter);
  expect(code).toBe(3);
  expect(forecast).toMatchObject({ secondsEach: seconds, isAssumed: false });
  const percent = Math.round((100 * (4 * seconds)) / 100 / (15 * 60));
  expect(percent).toBeGreaterThan(100);
  expect(text).toContain(
    `refused The schedules ask for ${percent} % of the snapshots that the Region can complete (100 at a time, ${seconds} s each)`,
  );
});

it('warns of an RPO that is missed while the last snapshots complete', async () => {
  const seconds = await night();
  const { code, forecast, warnings, text } = await planFor('0/20 * * * ? *', '30m');
  expect(code).toBe(0);
  expect(forecast).not.toHaveProperty('refusal');
  expect(warnings).toEqual([
    expect.stringContaining(
      `is complete ${Math.ceil((4 * seconds) / 100 / 60)} min after its time: its RPO of 30 min is missed until then.`,
    ),
  ]);
  expect(text).toContain(`warning ${warnings[0]}`);
});

it('goes by the newest snapshot of each volume, which no longer has everything in it', async () => {
  const first = await night();
  const second = await night();
  expect(second).toBeLessThan(first / 5);
  const { code, forecast } = await planFor(...everyQuarter);
  expect(code).toBe(0);
  expect(forecast).toMatchObject({ secondsEach: second, isAssumed: false });
});

it('goes by complete snapshots of this stack, by no others; before there are any it assumes five minutes', async () => {
  await window(stage);
  const { code, forecast, warnings } = await planFor(...everyQuarter);
  expect({ code, warnings }).toEqual({ code: 0, warnings: [] });
  expect(forecast).toMatchObject({ secondsEach: 300, isAssumed: true });
  const seconds = await night();
  const ofAll = { InstanceSpecification: { InstanceId: databaseId, ExcludeBootVolume: true } };
  await stage.drive(new EC2Client({}).send(new CreateSnapshotsCommand(ofAll)));
  await stage.time.advance(8 * hourMs);
  expect((await planFor(...everyQuarter)).forecast).toMatchObject({ secondsEach: seconds });
});

it('counts every volume of an instance of which an image is made', async () => {
  await stage.time.advance(hourMs);
  const members = [{ kind: 'ami' as const, instance: { id: databaseId } }];
  const { text } = await planFor('0 3 * * ? *', '26h', { members, quiesce: {} });
  for (const device of ['/dev/xvda', '/dev/sdf', '/dev/sdi']) expect(text).toContain(device);
  expect((await planFor('0/15 * * * ? *', '1h', { members, quiesce: {} })).forecast.times).toMatchObject([
    { snapshots: 5 },
  ]);
});
