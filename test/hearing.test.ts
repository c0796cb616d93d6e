/** Addresses that SNS mails nothing: who has not confirmed, and who has unsubscribed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListSubscriptionsByTopicCommand, ListTopicsCommand, SNSClient, UnsubscribeCommand } from '@aws-sdk/client-sns';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { run as doctor } from '#cli/doctor.ts';
import { scriptedTerminal } from '#cli/scripted-terminal.ts';
import { run as status } from '#cli/status.ts';
import type { PolicyInput } from '#domain/policy-schema.ts';
import { denied } from '#simulator/kernel/faults.ts';
import { appliance, nightly } from './scenario/policy.ts';
import { functionNamed } from './scenario/recovering.ts';
import { closeStage, dayMs, failuresAddress, hourMs, openStage, type Stage } from './scenario/stage.ts';
import { thinOutSweeps, toldBy } from './scenario/sweeps.ts';

const newcomer = 'new@example.com';
const folder = mkdtempSync(join(tmpdir(), 'holdfast-hearing-'));
const policyFile = join(folder, 'holdfast.yaml');
let stage: Stage;

afterEach(() => closeStage(stage));
afterAll(() => rmSync(folder, { recursive: true }));

const told = (failures: string[]): PolicyInput =>
  nightly({ appliance: appliance({ mail: { failures, reports: [failuresAddress] } }) });

async function open(failures: string[], neverConfirmed: readonly string[] = []): Promise<void> {
  const policy = told(failures);
  writeFileSync(policyFile, stringify(policy));
  stage = await openStage({ policy, sns: { neverConfirmed } });
}

/** What a command prints, on one line, and its document. */
async function say(command: typeof status, typed: object) {
  const terminal = scriptedTerminal();
  const settings = { stack: 'Holdfast', policy: policyFile, debug: false };
  const code = await stage.drive(command(typed, { terminal, settings }));
  return { code, text: terminal.lines.join(' ').replaceAll(/\s+/g, ' '), document: Object(terminal.events[0]) };
}

async function unsubscribe(address: string, topicWord: string): Promise<void> {
  const sns = new SNSClient({});
  const { Topics = [] } = await stage.drive(sns.send(new ListTopicsCommand({})));
  const topic = Topics.find(({ TopicArn = '' }) => TopicArn.includes(topicWord));
  const { Subscriptions = [] } = await stage.drive(
    sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topic?.TopicArn })),
  );
  const SubscriptionArn = Subscriptions.find(({ Endpoint }) => Endpoint === address)?.SubscriptionArn;
  await stage.drive(sns.send(new UnsubscribeCommand({ SubscriptionArn })));
}

const lost = () => stage.inbox(failuresAddress).filter(({ subject }) => subject.includes('NO MAIL'));
const alarms = () => stage.services.cloudwatch.alarming().map(({ definition }) => definition.name);

describe('an address that has not confirmed', () => {
  it('is told to those who have, within an hour, and once', async () => {
    await open([failuresAddress, newcomer], [newcomer]);
    await stage.time.advance(1.5 * hourMs);
    expect(lost().map(({ subject }) => subject)).toEqual(['[Holdfast] 1 address GETS NO MAIL of Holdfast']);
    expect(lost()[0]?.message).toContain(`${newcomer} gets no mail of failures: it has not confirmed.`);
    expect(lost()[0]?.message).toContain(`${newcomer} gets no mail of alarms: it has not confirmed.`);
    expect(lost()[0]?.message).not.toContain('NOBODY');
    thinOutSweeps(stage, 1);
    await stage.time.advance(2 * dayMs);
    expect(lost()).toHaveLength(1);
    expect(alarms().filter((name) => name.includes('NobodyTold'))).toEqual([]);
  });

  it('is found by doctor, with what sends its link again, and shown by status', async () => {
    await open([failuresAddress, newcomer], [newcomer]);
    await stage.time.advance(hourMs);
    const examined = await say(doctor, { workload: 'appliance' });
    expect(examined.code).toBe(3);
    expect(examined.text).toContain(`problem mail: ${newcomer} gets no mail of failures: it has not confirmed.`);
    expect(examined.text).toMatch(/aws sns subscribe \\ --topic-arn arn:\S+Failures\S* .*--notification-endpoint new@/);
    const shown = await say(status, {});
    expect(shown.text).toContain(`mail ${newcomer} gets no mail of failures: it has not confirmed`);
    expect(shown.document).toMatchObject({ untold: [], unheard: [{ topic: 'failures' }, { topic: 'alarms' }] });
  });

  it('is told once, whichever call retire dies after', async () => {
    for (let afterCalls = 0; afterCalls < 9; afterCalls += 1) {
      await open([failuresAddress, newcomer], [newcomer]);
      stage.services.lambda.crash({ functionName: functionNamed(stage, 'Retire'), afterCalls });
      await stage.time.advance(3 * hourMs);
      expect(lost()).toHaveLength(1);
      if (afterCalls < 8) closeStage(stage);
    }
  });
});

describe('an address that has unsubscribed', () => {
  it('is told to the others each time that it does', async () => {
    await open([failuresAddress, newcomer]);
    await stage.time.advance(2 * hourMs);
    expect(lost()).toEqual([]);
    await unsubscribe(newcomer, 'Failures');
    await stage.time.advance(hourMs);
    expect(lost()).toHaveLength(1);
    expect(lost()[0]?.message).toContain(`${newcomer} gets no mail of failures: it is not subscribed.`);
    await unsubscribe(newcomer, 'Alarms');
    await stage.time.advance(hourMs);
    expect(lost()).toHaveLength(2);
    const { text } = await say(doctor, { workload: 'appliance' });
    expect(text).toContain('What subscribes it, and mails it a link:');
  });
});

describe('where nobody hears of failures', () => {
  it('an alarm stands, and status and doctor say so', async () => {
    await open([newcomer], [newcomer]);
    await stage.time.advance(3 * hourMs);
    expect(alarms()).toContainEqual(expect.stringContaining('NobodyTold'));
    await stage.time.advance(5 * hourMs);
    expect(alarms()).toContainEqual(expect.stringContaining('NobodyTold'));
    const { text, document } = await say(status, {});
    expect(text).toContain('NOBODY is told when a backup of appliance fails');
    expect(document.untold).toEqual(['appliance']);
    expect((await say(doctor, {})).text).toContain(`mail: ${newcomer} gets no mail of failures`);
  });
});

it('everybody who hears is no matter: doctor finds the mail fit, and status says nothing of it', async () => {
  await open([failuresAddress]);
  await stage.time.advance(2 * hourMs);
  const { code, text } = await say(doctor, { workload: 'appliance' });
  expect([code, text.includes('fit mail')]).toEqual([0, true]);
  const shown = await say(status, {});
  expect(shown.text).not.toContain('mail');
  expect(Object.keys(shown.document)).toEqual(['at', 'workloads']);
  expect(toldBy(stage)).toEqual([]);
});

it('status tells the rest where subscriptions cannot be looked at', async () => {
  await open([failuresAddress]);
  const operation = 'ListSubscriptionsByTopic';
  stage.faults.add({ service: 'sns', operation, times: 3, effect: denied('AuthorizationError') });
  const { code, text } = await say(status, {});
  expect(code).toBe(0);
  expect(text).toContain('Who gets mail could not be seen: ');
  expect(text).toContain('appliance');
});
