import type { ListSubscriptionsByTopicResponse, SubscribeInput } from '@aws-sdk/client-sns';
import {
  CreateTopicCommand,
  ListSubscriptionsByTopicCommand,
  PublishCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { beforeEach, describe, expect, it } from 'vitest';
import { createGateway } from '../../gateway.ts';
import { createIdentities } from '../../iam/identity.ts';
import { createKernel } from '../../kernel/create-kernel.ts';
import { clientSettings } from '../../wire/client-settings.ts';
import type { KeyState } from '../kms/kms.ts';
import { createSns, type SnsService } from './sns.ts';

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:alerts';
let sns: SnsService;
let client: SNSClient;
let keyState: KeyState | 'missing';

beforeEach(async () => {
  const kernel = createKernel({ seed: 1 });
  keyState = 'Enabled';
  sns = createSns(kernel, { keyState: () => keyState });
  client = new SNSClient({
    ...clientSettings(createGateway(kernel, [sns], createIdentities(kernel.account), { latencyMs: 0 })),
    maxAttempts: 1,
  });
  await client.send(new CreateTopicCommand({ Name: 'alerts' }));
});

function subscribe(Endpoint: string, filter?: object) {
  const Attributes = filter ? { FilterPolicy: JSON.stringify(filter) } : {};
  const input: SubscribeInput = { TopicArn: TOPIC, Protocol: 'email', Endpoint, Attributes };
  return client.send(new SubscribeCommand(input));
}

function publish(Message: string, severity = 'info', Subject = 'Hello') {
  const MessageAttributes = {
    severity: { DataType: 'String', StringValue: severity },
    minutes: { DataType: 'Number', StringValue: '7' },
  };
  return client.send(new PublishCommand({ TopicArn: TOPIC, Subject, Message, MessageAttributes }));
}

const messages = (address: string) => sns.inbox(address).map(({ message }) => message);

describe('the simulated SNS', () => {
  it.each([
    ['Disabled', 'KMSDisabled'],
    ['PendingDeletion', 'KMSInvalidState'],
    ['missing', 'KMSNotFound'],
  ] as const)('refuses what it cannot encrypt: a key that is %s', async (state, code) => {
    keyState = state;
    const keyed = { TopicArn: TOPIC, AttributeName: 'KmsMasterKeyId', AttributeValue: 'a-key' };
    await subscribe('all@example.com');
    await publish('before');
    await client.send(new SetTopicAttributesCommand(keyed));
    await expect(publish('one')).rejects.toMatchObject({ name: expect.stringContaining(code) });
    keyState = 'Enabled';
    await publish('two');
    expect(messages('all@example.com')).toEqual(['before', 'two']);
  });

  it('delivers to each address what its filter policy lets through', async () => {
    await subscribe('all@example.com');
    await subscribe('pager@example.com', { severity: ['page', { prefix: 'crit' }] });
    await subscribe('late@example.com', {
      minutes: [{ numeric: ['>', 5, '<=', 7] }],
      severity: [{ 'anything-but': 'page' }],
    });
    await subscribe('none@example.com', { other: [{ exists: true }] });
    await publish('one');
    await publish('two', 'page');
    await publish('three', 'critical');
    expect(messages('all@example.com')).toEqual(['one', 'two', 'three']);
    expect(messages('pager@example.com')).toEqual(['two', 'three']);
    expect(messages('late@example.com')).toEqual(['one', 'three']);
    expect(messages('none@example.com')).toEqual([]);
    expect(sns.inbox('pager@example.com')[0]).toMatchObject({ subject: 'Hello', attributes: { severity: 'page' } });
  });

  it('shows a subscription without its ARN until the person has confirmed it', async () => {
    let nowMs = 0;
    const clock = { nowMs: () => nowMs, sleep: async () => undefined, at: () => () => undefined };
    const slow = createSns(createKernel({ seed: 1, clock }), { confirmAfterMs: 1000 });
    const ask = async (operation: string, input: object): Promise<ListSubscriptionsByTopicResponse> => {
      const caller = { kind: 'operator', arn: '', name: '' } as const;
      return Object(
        await slow.operations[operation]?.(input, { id: '', service: 'sns', operation, caller, timeMs: 0 }),
      );
    };
    await ask('CreateTopic', { Name: 'alerts' });
    await ask('Subscribe', { TopicArn: TOPIC, Protocol: 'email', Endpoint: 'a@example.com' });
    const shown = async () => (await ask('ListSubscriptionsByTopic', { TopicArn: TOPIC })).Subscriptions?.[0];
    expect((await shown())?.SubscriptionArn).toBe('PendingConfirmation');
    nowMs = 1000;
    expect((await shown())?.SubscriptionArn).toMatch(TOPIC);
  });

  it('shows and mails nobody who has unsubscribed', async () => {
    const { SubscriptionArn } = await subscribe('gone@example.com');
    await client.send(new UnsubscribeCommand({ SubscriptionArn }));
    expect((await client.send(new ListSubscriptionsByTopicCommand({ TopicArn: TOPIC }))).Subscriptions ?? []).toEqual(
      [],
    );
    await publish('one');
    expect(messages('gone@example.com')).toEqual([]);
  });

  it('keeps what is published to a topic that nobody reads', async () => {
    await publish('unheard');
    expect(sns.publications(TOPIC)).toMatchObject([{ message: 'unheard', subject: 'Hello' }]);
  });

  it.each([
    ['longer than 100 characters', 'x'.repeat(101)],
    ['not ASCII', 'Sicherung überfällig'],
    ['with a line break', 'two\nlines'],
  ])('refuses a subject %s', async (_what, subject) => {
    await expect(publish('text', 'info', subject)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'Invalid parameter: Subject',
    });
  });

  it('refuses an empty or huge message, an unknown topic and an unknown filter operator', async () => {
    await expect(publish('')).rejects.toThrow('Empty message');
    await expect(publish('x'.repeat(262_145))).rejects.toThrow('too long');
    await expect(subscribe('a@example.com', { severity: [{ cidr: '10.0.0.0/8' }] })).rejects.toThrow('cidr');
    const elsewhere = new PublishCommand({ TopicArn: `${TOPIC}2`, Message: 'x' });
    await expect(client.send(elsewhere)).rejects.toMatchObject({ name: 'NotFoundException' });
  });
});
