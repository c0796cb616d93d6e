/** A recovery that is STRANDED keeps everything else out of its workload: an operator does what the mail says, and recovers again. */
import { AttachVolumeCommand, EC2Client, StartInstancesCommand } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { run as recover } from '#cli/recover.ts';
import { type ScriptedTerminal, scriptedTerminal } from '#cli/scripted-terminal.ts';
import { run as status } from '#cli/status.ts';
import type { FaultEffect } from '#simulator/kernel/faults.ts';
import { applianceId } from './scenario/policy.ts';
import { leaseOf, openWithPoints, portrait, recovered } from './scenario/recovering.ts';
import { closeStage, failuresAddress, minuteMs, type Stage, subjects } from './scenario/stage.ts';

let stage: Stage;
let before: string;
/** The cause is gone. */
let mend: () => void;

const settings = { stack: 'Holdfast', policy: 'holdfast.yaml', debug: false };
const refused: FaultEffect = { kind: 'refuse', code: 'UnauthorizedOperation', message: 'an SCP', status: 403 };

async function typed(args: object, answer?: string): Promise<ScriptedTerminal & { readonly outcome: unknown }> {
  const terminal = scriptedTerminal(answer);
  const running = recover({ workload: 'appliance', ...args }, { terminal, settings });
  const outcome: unknown = await stage.drive(running.catch((error: unknown) => error));
  return { ...terminal, outcome };
}

beforeEach(async () => {
  stage = await openWithPoints();
  before = portrait(stage, applianceId);
  mend = stage.faults.add({ service: 'ec2', operation: 'AttachVolume', effect: refused, times: Infinity });
  const { outcome } = await typed({ yes: true });
  expect(outcome).toMatchObject({
    exitCode: 4,
    next: expect.stringContaining('npx holdfast recover appliance --undo'),
  });
  await stage.time.advance(minuteMs);
});
afterEach(() => closeStage(stage));

const mailed = () =>
  stage.inbox(failuresAddress).find(({ subject }) => subject.includes('recovery STRANDED'))?.message ?? '';

async function expectRecoverable(): Promise<void> {
  expect(portrait(stage, applianceId)).toBe(before);
  expect((await recovered(stage, 'appliance'))?.state).toBe('rolled-back');
  expect(await leaseOf(stage, 'appliance')).toBeUndefined();
  expect((await typed({ yes: true })).outcome).toBe(0);
  expect((await recovered(stage, 'appliance'))?.state).toBe('committed');
}

it('is undone by the command in the mail once the cause is gone, and the workload recovered', async () => {
  expect(mailed()).toContain('    npx holdfast recover appliance --undo\n');
  mend();
  const { outcome, lines } = await typed({ undo: true, yes: true });
  expect(outcome).toBe(0);
  expect(lines.at(-1)).toContain('Backups and recoveries of it begin again.');
  await stage.time.advance(minuteMs);
  expect(subjects(stage)).toContain('[Holdfast] appliance: recovery FAILED and was rolled back');
  await expectRecoverable();
});

it('is found to be undone when a person has brought all back by hand', async () => {
  mend();
  const [, VolumeId = '', Device] =
    /attach-volume --volume-id (\S+) --instance-id \S+ --device (\S+)/.exec(mailed()) ?? [];
  const ec2 = new EC2Client({});
  await stage.drive(ec2.send(new AttachVolumeCommand({ VolumeId, InstanceId: applianceId, Device })));
  await stage.time.advance(minuteMs);
  await stage.drive(ec2.send(new StartInstancesCommand({ InstanceIds: [applianceId] })));
  await stage.time.advance(5 * minuteMs);
  const stops = stage.calls.of('ec2', 'StopInstances').length;
  expect((await typed({ undo: true }, 'appliance')).outcome).toBe(0);
  expect(stage.calls.of('ec2', 'StopInstances')).toHaveLength(stops);
  await expectRecoverable();
});

it('keeps another recovery out until then, whose refusal leads to the command', async () => {
  mend();
  const { outcome } = await typed({ yes: true });
  expect(outcome).toMatchObject({ exitCode: 3, next: 'npx holdfast status appliance' });
  const terminal = scriptedTerminal();
  const policy = 'holdfast.yaml';
  await stage.drive(status({ workload: 'appliance' }, { terminal, settings: { ...settings, policy } }));
  expect(terminal.lines.join('\n')).toContain('npx holdfast recover appliance --undo');
});

it('is stranded as before, with what is left to do, while the cause lasts', async () => {
  const { outcome } = await typed({ undo: true, yes: true });
  expect(outcome).toMatchObject({ exitCode: 4, next: expect.stringContaining('aws ec2 attach-volume') });
  expect((await leaseOf(stage, 'appliance'))?.kind).toBe('recovery');
  await stage.time.advance(minuteMs);
  expect(subjects(stage).filter((subject) => subject.includes('STRANDED'))).toHaveLength(2);
  expect((await typed({ undo: true }, 'no')).outcome).toMatchObject({ exitCode: 3, message: 'Not confirmed.' });
});

it('is the only one that can be undone', async () => {
  mend();
  await typed({ undo: true, yes: true });
  const { outcome } = await typed({ undo: true, yes: true });
  expect(outcome).toMatchObject({
    exitCode: 3,
    message: expect.stringMatching(/its last, appliance-recover-\S+, is rolled-back/),
  });
});
