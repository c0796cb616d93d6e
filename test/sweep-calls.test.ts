/** What the functions that run all day, and all night, ask for: every call is paid for, and shares a limit with others of the account. */
import { afterEach, describe, expect, it } from 'vitest';
import { answerOf } from './scenario/asking.ts';
import { appliance, database, nightly } from './scenario/policy.ts';
import { functionNamed, openWithPoints, recover } from './scenario/recovering.ts';
import { closeStage, dayMs, hourMs, minuteMs, openStage, type Stage, until } from './scenario/stage.ts';
import { stopSweep } from './scenario/sweeps.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

/**
 * `<service>:<operation>` of what the step's function has called since `fromMs`, with its number where it is more than one; of what asks EC2
 * and SSM how far they are, which takes as long as it takes and comes in pages, without.
 */
function callsOf(step: string, fromMs: number): readonly string[] {
  const caller = `function:${functionNamed(stage, step)}`;
  const made = stage.calls.all().filter(({ call }) => call.caller.name === caller && call.timeMs >= fromMs);
  const groups = Map.groupBy(made, ({ call }) => `${call.service}:${call.operation}`);
  const isFollowed = (name: string) => /^(ec2:Describe|ssm:Get)/.test(name);
  return [...groups]
    .map(([name, { length }]) => (length === 1 || isFollowed(name) ? name : `${length} ${name}`))
    .sort();
}

/** What a function answers, and what it has called meanwhile. */
async function asked(step: string, input?: object) {
  await stage.time.advance(1);
  const fromMs = stage.clock.nowMs();
  const answer = await answerOf(stage, step, input);
  return { answer, calls: callsOf(step, fromMs) };
}

/** One appliance, with no sweep but those that are asked for here. */
async function open() {
  stage = await openStage({ policy: nightly({ appliance: appliance() }) });
  for (const words of ['Settle', 'Watch', 'Retire']) stopSweep(stage, words);
}

const toTurn = () => stage.time.advance(5 * minuteMs - (stage.clock.nowMs() % (5 * minuteMs)) + 1000);
const idle = { answer: { runs: 0, recoveries: 0 }, calls: ['dynamodb:Query'] };

describe('settle', () => {
  it.each([{}, { asks: 'in turn', looks: 3 }, { asks: 'for slots' }])(
    'reads the index, and nothing else, while nothing is unfinished: %o',
    async (input) => {
      await open();
      await toTurn();
      expect(await asked('Settle', input)).toEqual(idle);
      await stage.time.advance(dayMs);
      await toTurn();
      await asked('Settle');
      expect(await asked('Settle', input)).toEqual(idle);
    },
  );

  it('asks EC2 of what settles when told of it or when it is their turn, and not in the sweeps between', async () => {
    await open();
    await until(stage, 'it settles', () => stage.calls.of('ec2', 'CreateSnapshots').length > 0, 3 * hourMs);
    await stage.time.advance(20_000);
    const answer = { runs: 1, recoveries: 0 };
    const seen = ['dynamodb:GetItem', 'dynamodb:Query', 'ec2:DescribeSnapshots'];
    const unasked = { answer, calls: ['dynamodb:Query'] };
    expect(await asked('Settle')).toEqual({ answer, calls: seen });
    expect(await asked('Settle', { asks: 'for slots' })).toEqual(unasked);
    await toTurn();
    expect(await asked('Settle', { asks: 'for slots' })).toEqual(unasked);
    await stage.time.advance(75_000);
    expect(await asked('Settle', { asks: 'in turn' })).toEqual(unasked);
  });
});

describe('watch', () => {
  const always = ['dynamodb:PutItem', 'lambda:Invoke', 'sqs:GetQueueAttributes'];

  it('looks at every workload once, then at none of which nothing was due', async () => {
    await open();
    expect(await asked('Watch')).toEqual({
      answer: { missing: 0 },
      calls: [
        '2 dynamodb:PutItem',
        '2 dynamodb:Query',
        '3 dynamodb:GetItem',
        'lambda:Invoke',
        'sqs:GetQueueAttributes',
      ],
    });
    const none = { answer: { missing: 0 }, calls: ['2 dynamodb:GetItem', '2 dynamodb:Query', ...always] };
    expect(await asked('Watch')).toEqual(none);
    await stage.time.advance(hourMs);
    expect(await asked('Watch')).toEqual(none);
  });

  it('looks at a workload whose time has come, once, and at all of them once in 20 hours', async () => {
    await open();
    await asked('Watch');
    await stage.time.advance(3 * hourMs);
    await asked('Settle');
    const looked = { answer: { missing: 0 }, calls: ['3 dynamodb:GetItem', '4 dynamodb:Query', ...always] };
    const none = { answer: { missing: 0 }, calls: ['2 dynamodb:GetItem', '2 dynamodb:Query', ...always] };
    expect(await asked('Watch')).toEqual(looked);
    expect(await asked('Watch')).toEqual(none);
    await stage.time.advance(15 * hourMs);
    expect(await asked('Watch')).toEqual(none);
    await stage.time.advance(3 * hourMs);
    expect((await asked('Watch')).calls).toEqual([
      '2 dynamodb:PutItem',
      '2 dynamodb:Query',
      '4 dynamodb:GetItem',
      ...always.slice(1),
    ]);
  });

  it('answers how many are behind', async () => {
    await open();
    await asked('Watch');
    stage.faults.add({ source: 'aws.scheduler', outcome: 'drop' });
    await stage.time.advance(3 * hourMs);
    expect((await asked('Watch')).answer).toEqual({ missing: 1 });
  });
});

describe('retire', () => {
  const always = ['3 dynamodb:Query', '3 sns:ListSubscriptionsByTopic', 'dynamodb:GetItem'];

  it('asks EC2 of every point once a day, in an hour of the workload’s own, and else nothing while nothing is due', async () => {
    await open();
    await stage.time.advance(20 * minuteMs);
    await asked('Retire');
    await stage.time.advance(3 * hourMs);
    await asked('Settle');
    const looks: string[] = [];
    for (let hour = 0; hour < 24; hour += 1) {
      const { answer, calls } = await asked('Retire');
      expect(answer).toEqual({ retired: 0, blocked: 0 });
      if (calls.join() !== always.join()) looks.push(...calls);
      await stage.time.advance(hourMs);
    }
    expect(looks).toEqual([
      '3 sns:ListSubscriptionsByTopic',
      '6 dynamodb:Query',
      'dynamodb:GetItem',
      'ec2:DescribeSnapshots',
    ]);
  });
});

it('reports: what is owed is read, and a digest is owed once a day', async () => {
  stage = await openStage({ policy: nightly({ appliance: appliance() }) });
  await stage.time.advance(20 * minuteMs);
  expect(await asked('Report')).toEqual({ answer: { sent: 0 }, calls: ['dynamodb:Query'] });
  expect(await asked('SendDigest')).toEqual({
    answer: { workloads: 1 },
    calls: ['3 dynamodb:Query', 'dynamodb:PutItem', 'lambda:Invoke'],
  });
});

/** What each of these steps has called, all its invocations together. */
const callsOfAll = (steps: readonly string[]) => Object.fromEntries(steps.map((step) => [step, callsOf(step, 0)]));

it('a night: what holds still longest asks for least', async () => {
  stage = await openStage({ policy: nightly({ 'orders-db': database() }) });
  await stage.time.advance(2 * hourMs + 10 * minuteMs);
  expect(callsOfAll(['BeginRun', 'PlanRun', 'Quiesce', 'BeginTiers', 'Release', 'CloseWindow'])).toEqual({
    BeginRun: ['2 dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:PutItem', 'lambda:Invoke'],
    PlanRun: [
      ...['4 dynamodb:GetItem', '4 dynamodb:PutItem', 'ec2:DescribeInstances', 'ec2:DescribeSnapshots'],
      ...['ec2:DescribeVolumes', 'ssm:DescribeInstanceInformation'],
    ],
    Quiesce: ['2 dynamodb:GetItem', '2 ssm:SendCommand', 'dynamodb:PutItem', 'ssm:GetCommandInvocation'],
    BeginTiers: ['2 dynamodb:GetItem', '2 dynamodb:PutItem', 'ec2:CreateSnapshots'],
    Release: ['2 ssm:SendCommand', '3 dynamodb:PutItem', '7 dynamodb:GetItem', 'ssm:GetCommandInvocation'],
    CloseWindow: [],
  });
});

it('a recovery: a phase is written down as it begins and when it has learnt something, not by every call', async () => {
  stage = await openWithPoints();
  await recover(stage, { workload: 'appliance' });
  const twice = ['2 dynamodb:GetItem', '2 dynamodb:PutItem'];
  const plan = ['InstanceAttribute', 'InstanceTypes', 'Instances', 'Snapshots', 'Volumes'];
  const looks = ['ec2:DescribeInstances', 'ec2:DescribeVolumes'];
  const expected = {
    PlanRecovery: [
      ...['2 dynamodb:PutItem', '4 dynamodb:GetItem', 'autoscaling:DescribeAutoScalingInstances', 'dynamodb:Query'],
      ...plan.map((what) => `ec2:Describe${what}`),
    ],
    CreateVolumes: [...twice, 'ec2:CreateVolume', 'ec2:DescribeVolumes'],
    TakeSafetySnapshot: [...twice, 'ec2:CreateSnapshots', 'ec2:DescribeSnapshots'],
    StopInstance: ['3 dynamodb:PutItem', '4 dynamodb:GetItem', 'ec2:DescribeInstances', 'ec2:StopInstances'],
    DetachVolumes: [...twice, 'ec2:CreateTags', ...looks, 'ec2:DetachVolume'],
    AttachVolumes: [...twice, 'ec2:AttachVolume', ...looks],
    StartInstance: [...twice, 'ec2:DescribeInstances', 'ec2:StartInstances'],
    VerifyRecovery: ['3 dynamodb:PutItem', '5 dynamodb:GetItem', 'ec2:DescribeInstanceStatus'],
    CommitRecovery: ['6 dynamodb:PutItem', '7 dynamodb:GetItem', 'dynamodb:Query', ...looks, 'lambda:Invoke'],
  };
  expect(callsOfAll(Object.keys(expected))).toEqual(expected);
});
