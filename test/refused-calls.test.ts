/** What AWS refuses is told, in the log or by whoever asked, with what was being done and to which resource. */
import { DeleteSnapshotCommand, EC2Client } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import { type FaultEffect, throttled } from '#simulator/kernel/faults.ts';
import { answerOf, logged } from './scenario/asking.ts';
import { firstRun } from './scenario/holding.ts';
import { appliance, applianceId, nightly } from './scenario/policy.ts';
import { functionNamed, leaseOf, openWithPoints, recover } from './scenario/recovering.ts';
import {
  closeStage,
  dayMs,
  failuresAddress,
  hourMs,
  minuteMs,
  openStage,
  pointsIn,
  reportsAddress,
  type Stage,
} from './scenario/stage.ts';
import { areAllSlotsFree, stopSweep } from './scenario/sweeps.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

const open = async (more: object = {}) => {
  stage = await openStage({ policy: { ...nightly({ appliance: appliance() }), ...more } });
};
const refusal: FaultEffect = { kind: 'refuse', code: 'NotNow', message: 'No.', status: 400 };
/** @param operation of a service, `ec2:DeleteSnapshot` */
function refuse(operation: string, effect: FaultEffect = refusal, times = 1, part = ''): void {
  const [service, name] = operation.split(':');
  const when = (input: unknown) => JSON.stringify(input).toLowerCase().includes(part);
  stage.faults.add({ ...{ service: service ?? '', operation: name ?? '', effect, times, when } });
}

describe('retire', () => {
  it.each(['failures', 'reports', 'alarms'])('names the topic that it could not ask: %s', async (topic) => {
    await open();
    refuse('sns:ListSubscriptionsByTopic', refusal, 1, topic);
    expect(await answerOf(stage, 'Retire')).toBe(
      `ProviderFault: While asking who is subscribed to ${topic}: NotNow: No.`,
    );
  });

  it.each([
    ['tagging:GetResources', 'looking for what carries the tags of'],
    ['backup:ListBackupJobs', 'listing the jobs of AWS Backup for'],
  ])('names the plan of AWS Backup of which it could not ask %s', async (operation, doing) => {
    await open({ plans: { cluster: { select: { tags: { cluster: 'hpc-1' } } } } });
    refuse(operation);
    expect(await answerOf(stage, 'Retire')).toBe(`ProviderFault: While ${doing} the plan cluster: NotNow: No.`);
    await stage.time.advance(minuteMs);
    expect(await answerOf(stage, 'Retire')).toEqual({ retired: 0, blocked: 0 });
  });

  it('logs what it is going to delete and to keep, and why, then what could not be deleted', async () => {
    stage = await openStage({ policy: nightly({ appliance: appliance({ retention: { days: 1, minimum: 1 } }) }) });
    stopSweep(stage, 'Retire');
    await stage.time.advance(dayMs + 4 * hourMs);
    const [newest, oldest] = await pointsIn(stage, 'appliance');
    const id = oldest?.artifacts[0]?.id;
    refuse('ec2:DeleteSnapshot');
    expect(await answerOf(stage, 'Retire')).toEqual({ retired: 0, blocked: 1 });
    expect(logged(stage, 'Retire')).toEqual([
      'INFO: appliance: 1 points to retire, 1 kept',
      `WARN: point/${oldest?.id}: While deleting ${id}: NotNow: No.`,
    ]);
    const [{ text = '' } = {}] = stage.services.lambda.logs(functionNamed(stage, 'Retire'));
    expect(JSON.parse(text)).toMatchObject({
      retire: [expect.stringMatching(`^${oldest?.id}: .+`)],
      keep: [expect.stringMatching(`^${newest?.id}: .+`)],
    });
    const { retire } = (await pointsIn(stage, 'appliance')).at(-1) ?? {};
    expect(retire).toEqual({ reason: expect.stringMatching(/./), plannedAt: expect.stringMatching(/^2026-01-16T05/) });
    expect(await answerOf(stage, 'Retire')).toEqual({ retired: 1, blocked: 0 });
    expect((await pointsIn(stage, 'appliance')).at(-1)?.retire).toEqual({
      ...{ ...retire, doneAt: expect.stringMatching(/^2026-01-16T05/) },
    });
    expect(await answerOf(stage, 'Retire')).toEqual({ retired: 0, blocked: 0 });
  });

  it('leaves a point broken, and says so, where it could not see whether it is whole again', async () => {
    await open();
    await stage.time.advance(3 * hourMs);
    const SnapshotId = (await pointsIn(stage, 'appliance'))[0]?.artifacts[0]?.id ?? '';
    await stage.drive(new EC2Client({}).send(new DeleteSnapshotCommand({ SnapshotId })));
    await stage.time.advance(4 * hourMs);
    const [point] = await pointsIn(stage, 'appliance');
    expect(point?.broken).toEqual({
      problem: `${SnapshotId} of ${point?.artifacts[0]?.source} is gone: ${SnapshotId} does not exist any more`,
      at: expect.stringMatching(/^2026-01-15T05/),
    });
    refuse('ec2:DescribeSnapshots');
    expect(await answerOf(stage, 'Retire')).toEqual({ retired: 0, blocked: 0 });
    expect(logged(stage, 'Retire').at(-1)).toBe('WARN: While finding snapshots: NotNow: No.');
    expect((await pointsIn(stage, 'appliance'))[0]?.broken).toEqual(point?.broken);
  });
});

it('report names the mail that it could not send, and sends it once it can', async () => {
  await open();
  await stage.time.advance(20 * minuteMs);
  refuse('sns:Publish');
  await answerOf(stage, 'SendDigest');
  await stage.time.advance(5000);
  expect(logged(stage, 'Report').at(-1)).toBe('ERROR: While sending the mail digest/appliance/2026-01-15: NotNow: No.');
  expect(await answerOf(stage, 'Report')).toEqual({ sent: 0 });
  await stage.time.advance(10 * minuteMs);
  expect(stage.inbox(reportsAddress)).toHaveLength(1);
});

describe('a run', () => {
  it('whose execution Step Functions refuses has failed with that, and keeps neither slots nor lease', async () => {
    await open();
    refuse('states:StartExecution');
    await stage.time.advance(2.5 * hourMs);
    const { id, state, failure, endedAt } = await firstRun(stage, 'appliance');
    expect({ state, failure }).toEqual({
      ...{ state: 'failed' },
      failure: {
        ...{ name: 'ProviderFault', phase: 'the execution itself' },
        message: `While starting the execution ${id}: NotNow: No.`,
      },
    });
    expect(endedAt).toMatch(/^2026-01-15T03:0/);
    expect(await leaseOf(stage, 'appliance')).toBeUndefined();
    expect(await areAllSlotsFree(stage)).toBe(true);
  });

  it('whose execution is throttled waits for the next sweep', async () => {
    await open();
    refuse('states:StartExecution', throttled('ThrottlingException', 400), 4);
    await stage.time.advance(2.5 * hourMs);
    expect((await firstRun(stage, 'appliance')).state).toBe('sealed');
    expect(logged(stage, 'Settle').join('\n')).toContain('WARN: While starting the execution appliance-2026');
  });

  it('that failed is told of as it would be when its snapshots could not be labelled, which is logged', async () => {
    await open();
    stage.services.ec2.arrange.snapshotFails(stage.services.ec2.world.volumeAt(applianceId, '/dev/sdh').id);
    refuse('ec2:CreateTags');
    await stage.time.advance(2.5 * hourMs);
    const { state, failure, artifacts } = await firstRun(stage, 'appliance');
    expect({ state, failure }).toEqual({
      ...{ state: 'failed' },
      failure: {
        ...{ name: 'ProviderFault', phase: 'settle' },
        message: `${artifacts[0]?.id} of ${artifacts[0]?.source} is error: ${artifacts[0]?.problem}`,
      },
    });
    expect(logged(stage, 'Settle').at(-1)).toMatch(/^WARN: While labelling.*: NotNow: No\.$/);
  });
});

it('a recovery that could not be planned says so, and of what', async () => {
  stage = await openWithPoints();
  refuse('ec2:DescribeInstances');
  expect((await recover(stage, { workload: 'appliance' })).status).toBe('FAILED');
  expect(await leaseOf(stage, 'appliance')).toBeUndefined();
  const [mail] = stage.inbox(failuresAddress);
  expect(mail?.message).toContain('> While finding instances: NotNow: No.');
});
