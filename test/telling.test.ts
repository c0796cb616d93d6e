import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetTopicAttributesCommand, ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it } from 'vitest';
import type { PolicyInput } from '#domain/policy-schema.ts';
import { denied } from '#simulator/kernel/faults.ts';
import { appliance, database, databaseId, nightly } from './scenario/policy.ts';
import { functionNamed } from './scenario/recovering.ts';
import {
  closeStage,
  dayMs,
  deployBeside,
  failuresAddress,
  hourMs,
  minuteMs,
  night,
  openStage,
  pointsIn,
  redeploy,
  reportsAddress,
  runsIn,
  type Stage,
  type StageOptions,
  startMs,
  subjects,
} from './scenario/stage.ts';
import { invokeAtOnce, stopSchedules, stopSweep, thinOutSweeps, toldBy } from './scenario/sweeps.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

const open = async (options: StageOptions = {}) => {
  stage = await openStage(options);
};
const openAppliance = (options: StageOptions = {}) => open({ policy: nightly({ appliance: appliance() }), ...options });
const onDatabase = [{ kind: 'ebs' as const, instance: { id: databaseId }, volumes: 'data' as const }];
const told = () => toldBy(stage);
const alarms = () => stage.services.cloudwatch.alarming().map(({ definition }) => definition.name);
/** Virtual time of a mail, in words that sort. */
const sentAt = (subjectWords: string, address = failuresAddress) =>
  new Date(stage.inbox(address).find(({ subject }) => subject.includes(subjectWords))?.timeMs ?? 0).toISOString();
/** To the middle of an hour, away from all schedules. */
const advanceTo = (time: string) => stage.time.advance(Date.parse(time) - stage.clock.nowMs());

describe('a schedule that a deployment changes', () => {
  const changed = nightly({ appliance: appliance({ schedule: { cron: '0 2 * * ? *' } }) });

  it('is expected from then on, and not of the days before', async () => {
    await openAppliance();
    thinOutSweeps(stage, 1);
    await stage.time.advance(dayMs + 9 * hourMs);
    await redeploy(stage, changed);
    await stage.time.advance(3 * hourMs);
    expect(subjects(stage)).toEqual([]);
    stopSchedules(stage);
    await stage.time.advance(20 * hourMs);
    expect(subjects(stage)).toEqual([expect.stringContaining('MISSED')]);
    expect(stage.inbox(failuresAddress)[0]?.message).toContain('due at 2026-01-17 02:00 UTC');
  });

  it('is expected also minutes after the look of the watch that learns of it', async () => {
    await openAppliance();
    thinOutSweeps(stage, 1);
    await stage.time.advance(90 * minuteMs);
    await redeploy(stage, nightly({ appliance: appliance({ schedule: { cron: '35 3 * * ? *' } }) }));
    stopSchedules(stage);
    await stage.time.advance(2.5 * hourMs);
    expect(stage.inbox(failuresAddress)[0]?.message).toContain('due at 2026-01-15 03:35 UTC');
  });

  it('is told to have missed what the old one still owed', async () => {
    await openAppliance();
    thinOutSweeps(stage, 1);
    stopSchedules(stage);
    await advanceTo('2026-01-15T03:35:00Z');
    await redeploy(stage, changed);
    await stage.time.advance(2 * hourMs);
    expect(stage.inbox(failuresAddress)[0]?.message).toContain('due at 2026-01-15 03:00 UTC');
  });
});

describe('a workload that was taken out of the policy', () => {
  const days = [0.5, 5];
  it.each(days)('is expected from when it is back in, and not of the %d days before', async (daysOut) => {
    const both = nightly({ appliance: appliance(), second: appliance({ members: onDatabase }) });
    await open({ policy: both });
    thinOutSweeps(stage, 1);
    await stage.time.advance(dayMs + 0.5 * hourMs);
    await redeploy(stage, nightly({ second: appliance({ members: onDatabase }) }));
    await stage.time.advance(daysOut * dayMs);
    await redeploy(stage, both);
    await stage.time.advance(hourMs);
    expect(told()).toEqual([]);
    stopSchedules(stage);
    await stage.time.advance(dayMs);
    expect(told()).toEqual(['appliance', 'second'].map((name) => `[Holdfast] ${name}: backup MISSED, it never began`));
  });
});

describe('a schedule that becomes another kind of schedule', () => {
  const cron = { cron: '0 3 * * ? *' };
  it.each([
    ['cron', 'rate', cron, { rate: '12 hours' }],
    ['rate', 'cron', { rate: '12 hours' }, cron],
    ['rate', 'a slower one', { rate: '12 hours' }, { rate: '23 hours' }],
    ['rate', 'a faster one', { rate: '23 hours' }, { rate: '12 hours' }],
    ['a time zone', 'another', { ...cron, timeZone: 'Asia/Tokyo' }, { ...cron, timeZone: 'America/New_York' }],
  ])('%s to %s: nothing is told, until something is missed', async (_from, _to, before, after) => {
    const by = (schedule: object) => nightly({ appliance: appliance({ schedule }) });
    await openAppliance({ policy: by(before) });
    thinOutSweeps(stage, 1);
    await stage.time.advance(dayMs + 8 * hourMs);
    await redeploy(stage, by(after));
    await stage.time.advance(2 * dayMs);
    expect(told()).toEqual([]);
    stopSchedules(stage);
    await stage.time.advance(25 * hourMs);
    expect(told()[0]).toContain('MISSED');
  });
});

describe('the watch looks as soon as the stack is deployed', () => {
  const due = (cron: string) => nightly({ appliance: appliance({ schedule: { cron } }) });
  const looks = () =>
    stage.calls
      .of('lambda', 'Invoke')
      .flatMap(({ call }) => (call.caller.name.includes('Deployed') ? [call.caller.name] : []));
  const loseDeployments = () => stage.faults.add({ source: 'aws.cloudformation', times: Infinity, outcome: 'drop' });

  it('for the first time: what is missed minutes later is told', async () => {
    await openAppliance({ policy: due('20 1 * * ? *') });
    stopSchedules(stage);
    await stage.time.advance(1.2 * hourMs);
    expect(stage.inbox(failuresAddress)[0]?.message).toContain('due at 2026-01-15 01:20 UTC');
  });

  it('with another schedule: what is missed minutes later is told', async () => {
    await openAppliance();
    await advanceTo('2026-01-15T02:05:00Z');
    await redeploy(stage, due('20 2 * * ? *'));
    stopSchedules(stage);
    await advanceTo('2026-01-15T03:20:00Z');
    expect(stage.inbox(failuresAddress)[0]?.message).toContain('due at 2026-01-15 02:20 UTC');
  });

  it('and expects nothing of a schedule for the minutes before it was', async () => {
    await openAppliance();
    await advanceTo('2026-01-15T02:05:00Z');
    await redeploy(stage, due('0 2 * * ? *'));
    await advanceTo('2026-01-15T05:05:00Z');
    expect(subjects(stage)).toEqual([]);
  });

  it.each(['02:40', '03:00', '03:04'])(
    'and tells what was missed at %s, by the schedule that the deployment ended at 03:05',
    async (time) => {
      const [hour, minute] = time.split(':').map(Number);
      await openAppliance({ policy: due(`${minute} ${hour} * * ? *`) });
      stopSchedules(stage);
      await advanceTo('2026-01-15T03:05:00Z');
      await redeploy(stage, due('0 12 * * ? *'));
      await advanceTo('2026-01-15T04:10:00Z');
      expect(subjects(stage)).toEqual([expect.stringContaining('MISSED')]);
      expect(stage.inbox(failuresAddress)[0]?.message).toContain(`due at 2026-01-15 ${time} UTC`);
    },
  );

  it('and within the hour when nobody tells it', async () => {
    await openAppliance();
    await advanceTo('2026-01-15T02:05:00Z');
    loseDeployments();
    await redeploy(stage, due('20 3 * * ? *'));
    stopSchedules(stage);
    await advanceTo('2026-01-15T04:20:00Z');
    expect(stage.inbox(failuresAddress)[0]?.message).toContain('due at 2026-01-15 03:20 UTC');
  });

  it('and not when another stack is', async () => {
    await openAppliance();
    await stage.time.advance(minuteMs);
    const before = looks();
    await deployBeside(stage, 'Other', nightly({ other: appliance() }));
    await stage.time.advance(minuteMs);
    expect([before.length, looks()]).toEqual([1, [...before, expect.stringContaining('Other')]]);
  });
});

describe('a schedule that is disabled', () => {
  it('is told within an hour and a grace, for every night anew, and once that it is back', async () => {
    await openAppliance();
    thinOutSweeps(stage, 1);
    await stage.time.advance(hourMs + 30 * minuteMs);
    const enable = stopSchedules(stage);
    await stage.time.advance(2 * hourMs);
    expect(subjects(stage)).toEqual([expect.stringContaining('appliance: backup MISSED, it never began')]);
    expect(sentAt('MISSED') < '2026-01-15T04:10').toBe(true);
    expect(stage.inbox(failuresAddress)[0]?.message).toContain('due at 2026-01-15 03:00 UTC');
    await stage.time.advance(2 * dayMs);
    expect(subjects(stage)).toHaveLength(3);
    expect(stage.inbox(failuresAddress)[2]?.message).toContain('due at 2026-01-17 03:00 UTC');
    enable();
    await night(stage);
    await stage.time.advance(hourMs);
    expect(subjects(stage).slice(3)).toEqual([expect.stringContaining('appliance: backups are back')]);
    await night(stage);
    await stage.time.advance(2 * hourMs);
    expect(subjects(stage)).toHaveLength(4);
  });

  it('is told once a day if it is one of many times a day', async () => {
    await openAppliance({ policy: nightly({ appliance: appliance({ schedule: { cron: '0 * * * ? *' } }) }) });
    thinOutSweeps(stage, 1);
    await stage.time.advance(30 * minuteMs);
    stopSchedules(stage);
    await stage.time.advance(1.5 * dayMs);
    expect(subjects(stage)).toHaveLength(2);
  });

  it('is told within an hour and a grace if it is a rate, whose times only its runs tell', async () => {
    await openAppliance({ policy: nightly({ appliance: appliance({ schedule: { rate: '6 hours' } }) }) });
    thinOutSweeps(stage, 1);
    await stage.time.advance(6 * hourMs + 30 * minuteMs);
    expect(await runsIn(stage, 'appliance')).toHaveLength(2); // as it was deployed, and six hours later
    stopSchedules(stage);
    await stage.time.advance(7 * hourMs + 15 * minuteMs);
    expect(subjects(stage)).toEqual([expect.stringContaining('appliance: backup MISSED')]);
  });

  it('is told to be back by the first night that works, which tells how many since did not', async () => {
    await openAppliance();
    thinOutSweeps(stage, 1);
    const spoil = () =>
      stage.services.ec2.arrange.snapshotFails(stage.services.ec2.world.volumeAt('appliance', '/dev/sdh').id);
    const back = () => stage.inbox(failuresAddress).filter(({ subject }) => subject.includes('backups are back'));
    spoil();
    await night(stage);
    const enable = stopSchedules(stage);
    await stage.time.advance(dayMs);
    expect(subjects(stage).at(-1)).toContain('MISSED');
    enable();
    for (const _ of ['first', 'second']) {
      spoil();
      await night(stage);
      await stage.time.advance(2 * hourMs);
      expect(back()).toEqual([]);
    }
    await night(stage);
    await stage.time.advance(2 * hourMs);
    expect(back()).toEqual([expect.objectContaining({ message: expect.stringContaining('after 3 that did not') })]);
  });

  it('is told exactly once, and its return, too, whichever call the watch dies after', async () => {
    for (let afterCalls = 0; afterCalls < 7; afterCalls += 1) {
      await openAppliance();
      thinOutSweeps(stage, 1);
      await stage.time.advance(hourMs + 30 * minuteMs);
      const enable = stopSchedules(stage);
      const crash = () => stage.services.lambda.crash({ functionName: functionNamed(stage, 'Watch'), afterCalls });
      await stage.time.advance(hourMs);
      crash();
      await stage.time.advance(2 * hourMs);
      expect(subjects(stage)).toEqual([expect.stringContaining('MISSED')]);
      enable();
      await night(stage);
      crash();
      await stage.time.advance(2 * hourMs);
      expect(subjects(stage).slice(1)).toEqual([expect.stringContaining('back')]);
      if (afterCalls < 6) closeStage(stage);
    }
  });
});

describe('a night on which Scheduler is out', () => {
  it('is told for every workload, once', async () => {
    await open();
    stage.faults.add({ source: 'aws.scheduler', times: 1, outcome: 'drop' });
    await stage.time.advance(4 * hourMs);
    expect([...subjects(stage)].sort()).toEqual([
      expect.stringContaining('appliance: backup MISSED'),
      expect.stringContaining('orders-db: backup MISSED'),
    ]);
    await stage.time.advance(6 * hourMs);
    expect(subjects(stage)).toHaveLength(2);
  });

  it('is not told when Scheduler was only late', async () => {
    await openAppliance();
    stage.faults.add({ source: 'aws.scheduler', outcome: { delayMs: 8 * minuteMs } });
    await stage.time.advance(5 * hourMs);
    expect(subjects(stage)).toEqual([]);
    expect((await pointsIn(stage, 'appliance')).map(({ id }) => id)).toEqual(['appliance-20260115T030000Z']);
  });
});

describe('a run that waits for its slots without end', () => {
  it('is told within an hour of its RPO, though nothing else was due in that hour', async () => {
    await openAppliance();
    thinOutSweeps(stage, 1);
    stage.faults.add({
      ...{ service: 'dynamodb', operation: 'PutItem', effect: denied('AccessDeniedException', 400), times: Infinity },
      when: (input: unknown) => Object(input).Item?.sk?.S === 'slots',
    });
    await advanceTo('2026-01-16T05:00:00Z');
    expect(subjects(stage).filter((subject) => subject.includes('LATE'))).toEqual([]);
    await advanceTo('2026-01-16T06:05:00Z');
    expect(subjects(stage)).toContainEqual(expect.stringContaining('appliance: backup LATE, still waiting'));
  });
});

describe('nights on which clocks change', () => {
  const london = { cron: '30 1 * * ? *', timeZone: 'Europe/London' };
  const policy = nightly({ appliance: appliance({ schedule: london, objectives: { rpo: '49h' } }) });
  const scheduled = async () =>
    (await runsIn(stage, 'appliance')).map(({ scheduledAt }) => scheduledAt.slice(5, 16)).toReversed();

  it('skip 01:30 in spring, without a run and without a mail', async () => {
    await open({ policy, startMs: Date.UTC(2026, 2, 27, 12) });
    thinOutSweeps(stage, 1);
    await stage.time.advance(4 * dayMs);
    expect(await scheduled()).toEqual(['03-28T01:30', '03-30T00:30', '03-31T00:30']);
    expect(subjects(stage)).toEqual([]);
  });

  it('run 01:30 once in autumn, though it comes twice', async () => {
    await open({ policy, startMs: Date.UTC(2026, 9, 23, 12) });
    thinOutSweeps(stage, 1);
    await stage.time.advance(4 * dayMs);
    expect(await scheduled()).toEqual(['10-24T00:30', '10-25T00:30', '10-26T01:30', '10-27T01:30']);
    expect(subjects(stage)).toEqual([]);
  });
});

describe('a mail that SNS refuses for an hour', () => {
  it('raises an alarm meanwhile, and arrives afterwards, exactly once', async () => {
    await openAppliance();
    stage.services.ec2.arrange.snapshotFails(stage.services.ec2.world.volumeAt('appliance', '/dev/sdh').id);
    const refused = denied('KMSAccessDenied', 400);
    const lift = stage.faults.add({ service: 'sns', operation: 'Publish', times: Infinity, effect: refused });
    await advanceTo('2026-01-15T04:05:30Z');
    expect(subjects(stage)).toEqual([expect.stringContaining('ReportFails')]);
    expect(alarms()).toEqual([expect.stringContaining('ReportFails')]);
    lift();
    await stage.time.advance(2 * hourMs);
    expect(subjects(stage).filter((subject) => subject.includes('backup FAILED'))).toHaveLength(1);
    expect(sentAt('backup FAILED') < '2026-01-15T04:12').toBe(true);
    expect(alarms()).toEqual([]);
  });

  it('is sent once when twenty calls at the same time send what is owed', async () => {
    await openAppliance();
    stage.services.ec2.arrange.snapshotFails(stage.services.ec2.world.volumeAt('appliance', '/dev/sdh').id);
    const refused = denied('KMSAccessDenied', 400);
    const lift = stage.faults.add({ service: 'sns', operation: 'Publish', times: Infinity, effect: refused });
    await advanceTo('2026-01-15T03:33:00Z');
    lift();
    stage.faults.add({ service: 'sns', operation: 'Publish', effect: { kind: 'delay', ms: 10_000 } }); // cold starts differ
    await invokeAtOnce(stage, 'Report', 20);
    await stage.time.advance(2 * hourMs);
    expect(subjects(stage).filter((subject) => subject.includes('backup FAILED'))).toHaveLength(1);
  });
});

describe('the digest', () => {
  it('comes once a day at seven and tells of every workload: its points, its newest, its RPO', async () => {
    const early = appliance({ schedule: { cron: '59 2 * * ? *', timeZone: 'UTC' } });
    await open({ policy: nightly({ appliance: early, 'orders-db': database() }) });
    thinOutSweeps(stage, 1);
    stage.faults.add({ source: 'aws.scheduler', times: 1, outcome: 'drop' });
    await stage.time.advance(2 * dayMs);
    const digests = stage.inbox(reportsAddress);
    expect(digests.map(({ subject }) => subject)).toEqual([
      '[Holdfast] 2026-01-15: 1 new point, 1 of 2 PAST their RPO',
      '[Holdfast] 2026-01-16: 2 new points, all within their RPO',
    ]);
    expect(digests.map(({ timeMs }) => new Date(timeMs).getUTCHours())).toEqual([7, 7]);
    expect(digests[0]?.message).toMatch(/has no point at all/);
    expect(digests[1]?.message).toContain(
      'orders-db-20260116T030000Z: application-consistent, 4 artifacts, held still',
    );
    expect(digests[1]?.message).toContain('3 h 59 min ago, within the RPO of 26 h');
  });

  it('is one mail for the workloads that the same people hear of, none for who wants none, and not doubled by a second call', async () => {
    const own = { failures: ['ops@example.com'], reports: ['dba@example.com', 'boss@example.com'] };
    const other = { failures: ['ops@example.com'], reports: ['boss@example.com', 'dba@example.com'] };
    const quiet = { failures: ['ops@example.com'], reports: [] };
    const instance = (name: string) => ({
      members: [{ kind: 'ebs' as const, instance: { tags: { Name: name } }, volumes: 'data' as const }],
    });
    const workloads = {
      appliance: appliance({ mail: own }),
      'orders-db': database({ mail: other }),
      silent: appliance({ ...instance('silent'), mail: quiet }),
    };
    await open({ policy: nightly(workloads), startMs: Date.UTC(2026, 0, 15, 6, 30) });
    stage.faults.add({ source: 'aws.events', detailType: 'Scheduled Event', times: Infinity, outcome: 'double' });
    await stage.time.advance(2 * hourMs);
    for (const address of ['dba@example.com', 'boss@example.com']) {
      expect(subjects(stage, address)).toEqual(['[Holdfast] 2026-01-15: 0 new points, 2 of 2 PAST their RPO']);
    }
    expect(stage.services.sns.mails()).toHaveLength(2);
  });

  it('also fits the ledger with a hundred workloads of long names', async () => {
    const entries = Array.from({ length: 100 }, (_, index) => {
      const instance = { tags: { Name: `machine-${index}` } };
      const members = [{ kind: 'ebs' as const, instance, volumes: 'data' as const }];
      return [`workload-of-the-department-${100 + index}`, appliance({ members })] as const;
    });
    const policy: PolicyInput = nightly(Object.fromEntries(entries));
    await open({ policy, startMs: Date.UTC(2026, 0, 15, 6, 30) });
    thinOutSweeps(stage, 6);
    await stage.time.advance(hourMs);
    expect(subjects(stage, reportsAddress)).toEqual([expect.stringContaining('100 of 100 PAST their RPO')]);
    expect(alarms()).not.toContainEqual(expect.stringContaining('DeadLetters'));
  });
});

describe('addresses of a workload', () => {
  it('hear of that workload and of no other', async () => {
    const workloads = {
      appliance: appliance({ mail: { failures: ['security@example.com'] } }),
      'orders-db': database({ mail: { failures: ['dba@example.com'], reports: ['dba@example.com'] } }),
    };
    await open({ policy: nightly(workloads) });
    stage.services.ec2.arrange.snapshotFails(stage.services.ec2.world.volumeAt('appliance', '/dev/sdh').id);
    await stage.time.advance(7 * hourMs);
    expect(subjects(stage, 'security@example.com')).toEqual([expect.stringContaining('appliance: backup FAILED')]);
    expect(subjects(stage, 'dba@example.com')).toEqual([expect.stringContaining('1 new point')]);
    expect(subjects(stage, failuresAddress)).toEqual([]);
  });
});

/** An event that no attempt can handle. */
const unknownWorkload = () => ({
  FunctionName: functionNamed(stage, 'BeginRun'),
  InvocationType: 'Event' as const,
  Payload: JSON.stringify({ workload: 'nothing-known' }),
});

/** As a person would in the console, message by message. */
async function emptied(url: string): Promise<void> {
  const client = new SQSClient({});
  const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10 }));
  for (const { ReceiptHandle } of Messages) {
    await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
  }
}

async function keyOfMails(): Promise<string> {
  const sns = new SNSClient({});
  const { Topics = [] } = await stage.drive(sns.send(new ListTopicsCommand({})));
  const TopicArn = Topics.find((topic) => topic.TopicArn?.includes('Failures'))?.TopicArn;
  const { Attributes = {} } = await stage.drive(sns.send(new GetTopicAttributesCommand({ TopicArn })));
  return Attributes.KmsMasterKeyId ?? '';
}

describe('alarms', () => {
  it('tell of an event that failed in every attempt and lies in the dead-letter queue', async () => {
    await openAppliance();
    await stage.time.advance(30 * minuteMs);
    await stage.drive(new LambdaClient({}).send(new InvokeCommand(unknownWorkload())));
    await stage.time.advance(10 * minuteMs);
    expect(subjects(stage)).toEqual([expect.stringContaining('DeadLetters')]);
    expect(stage.inbox(failuresAddress)[0]?.message).toContain('dead-letter queue');
    expect(stage.inbox(failuresAddress)[0]?.message).toMatch(/aws sqs receive-message --queue-url https:.*DeadLetters/);
  });

  it('of dead letters are followed by a mail a day for as long as they lie there, with what to type', async () => {
    await openAppliance();
    thinOutSweeps(stage, 1);
    await stage.drive(new LambdaClient({}).send(new InvokeCommand(unknownWorkload())));
    await stage.time.advance(50 * hourMs);
    const told = stage.inbox(failuresAddress).filter(({ subject }) => subject.includes('dead letters'));
    expect(told.map(({ subject }) => subject)).toEqual(
      Array.from({ length: 3 }, () => '[Holdfast] 1 event FAILED in every attempt: dead letters'),
    );
    const [, url = ''] = /aws sqs purge-queue --queue-url (\S+)/.exec(told[0]?.message ?? '') ?? [];
    const [letter] = stage.services.sqs.messages(url.split('/').at(-1) ?? '');
    expect(letter?.body).toContain('nothing-known');
    await stage.drive(emptied(url));
    await stage.time.advance(30 * hourMs);
    expect(stage.inbox(failuresAddress).filter(({ subject }) => subject.includes('dead letters'))).toHaveLength(3);
  });

  it('say what has happened to applications and what to type, in as many characters as CloudWatch takes', async () => {
    await openAppliance();
    const { MetricAlarms = [] } = await stage.drive(new CloudWatchClient({}).send(new DescribeAlarmsCommand({})));
    expect(MetricAlarms).toHaveLength(12);
    for (const { AlarmDescription: text = '' } of MetricAlarms) {
      expect(text).toMatch(/npx holdfast (status|doctor)|aws sns list-subscriptions-by-topic --topic-arn arn:aws:sns:/);
      expect(text).toMatch(/application|has failed/i);
      expect(text.length).toBeLessThanOrEqual(1024);
      expect(text).not.toMatch(/Token|undefined|\[object/);
    }
  });

  it('tell that runs are not being sealed, when EC2 answers settle nothing', async () => {
    await openAppliance();
    const caller = `function:${functionNamed(stage, 'Settle')}`;
    const effect = denied('UnauthorizedOperation');
    stage.faults.add({ service: 'ec2', operation: 'DescribeSnapshots', caller, times: Infinity, effect });
    await stage.time.advance(2 * hourMs + 30 * minuteMs);
    expect(subjects(stage)).toContainEqual(expect.stringContaining('SettleFails'));
  });

  it.each(['Watch', 'Settle', 'Report', 'Retire'])('tell that a sweep is silent: %s', async (sweep) => {
    await openAppliance();
    await stage.time.advance(3.5 * hourMs);
    stopSweep(stage, sweep);
    if (sweep === 'Report') stopSweep(stage, 'Watch');
    await stage.time.advance(4 * hourMs);
    expect(subjects(stage)).toContainEqual(expect.stringContaining(`${sweep}Silent`));
  });

  it('come also when the key that encrypts mails cannot be used: that those cannot be sent, is what they tell', async () => {
    await openAppliance();
    await stage.time.advance(30 * minuteMs);
    const { kms } = stage.services;
    const key = await keyOfMails();
    kms.disable(key);
    stage.services.ec2.arrange.snapshotFails(stage.services.ec2.world.volumeAt('appliance', '/dev/sdh').id);
    await stage.time.advance(4 * hourMs);
    expect(subjects(stage)).toEqual([expect.stringContaining('ReportFails')]);
    kms.enable(key);
    await stage.time.advance(15 * minuteMs);
    expect(subjects(stage)).toContainEqual(expect.stringContaining('appliance: backup FAILED'));
  });
});

describe('every mail', () => {
  it('has a plain subject that SNS takes, and the next command to type', async () => {
    await open({ startMs });
    thinOutSweeps(stage, 1);
    stage.services.ec2.arrange.snapshotFails(stage.services.ec2.world.volumeAt('appliance', '/dev/sdh').id);
    await night(stage);
    stopSchedules(stage);
    await stage.time.advance(dayMs);
    const mails = [...stage.inbox(failuresAddress), ...stage.inbox(reportsAddress)];
    expect(mails.length).toBeGreaterThanOrEqual(4);
    for (const { subject, message } of mails) {
      expect(subject).toMatch(/^\[Holdfast\] [ -~]{1,89}$/);
      expect(message).toContain('npx holdfast ');
    }
  });
});
