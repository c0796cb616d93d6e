import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { createGateway } from '../../gateway.ts';
import { createIdentities } from '../../iam/identity.ts';
import { createKernel } from '../../kernel/create-kernel.ts';
import { clientSettings } from '../../wire/client-settings.ts';
import { createSts } from '../sts/sts.ts';
import { createSqs } from './sqs.ts';

const kernel = createKernel({ seed: 1 });
const sqs = createSqs(kernel);
const identities = createIdentities(kernel.account);
const gateway = createGateway(kernel, [sqs, createSts(kernel)], identities, { latencyMs: 0 });
const client = new SQSClient({ ...clientSettings(gateway), maxAttempts: 1 });

describe('the simulated SQS', () => {
  it('holds messages until they are deleted, and hides what was received', async () => {
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: 'dead' }));
    sqs.send('arn:aws:sqs:eu-west-1:123456789012:dead', '{"lost":1}', { RULE_ARN: 'r' });
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'second' }));
    expect(sqs.messages('dead').map(({ body }) => body)).toEqual(['{"lost":1}', 'second']);

    const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 1 }));
    expect(Messages?.[0]).toMatchObject({ Body: '{"lost":1}', MessageAttributes: { RULE_ARN: { StringValue: 'r' } } });
    const count = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    expect(count.Attributes).toMatchObject({
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '1',
    });
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages?.[0]?.ReceiptHandle }));
    expect(sqs.messages('dead')).toHaveLength(1);
    await client.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(await client.send(new ReceiveMessageCommand({ QueueUrl }))).not.toHaveProperty('Messages');
  });

  it('tells CloudWatch how many messages can be seen, as soon as there are any', async () => {
    const seen: string[] = [];
    const measured = createSqs(kernel, {
      recordMetric: (space, name, { QueueName }, value) => void seen.push(`${space} ${name} ${QueueName} ${value}`),
    });
    const of = createGateway(kernel, [measured], identities, { latencyMs: 0 });
    await new SQSClient(clientSettings(of)).send(new CreateQueueCommand({ QueueName: 'measured' }));
    expect(seen).toEqual([]);
    measured.send('arn:aws:sqs:eu-west-1:123456789012:measured', '{}');
    expect(seen).toEqual(['AWS/SQS ApproximateNumberOfMessagesVisible measured 1']);
  });

  it('knows no queue that nobody made', async () => {
    const QueueUrl = sqs.urlOf('none');
    await expect(client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }))).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
    });
    expect(() => sqs.send('arn:aws:sqs:eu-west-1:123456789012:none', 'x')).toThrow('does not exist');
  });
});

describe('the simulated STS', () => {
  it("names a role's session", async () => {
    identities.register('AKIAROLE', {
      caller: { kind: 'role', arn: 'arn:aws:iam::123456789012:role/SettleRole', name: 'function:settle' },
      policies: [],
    });
    const { Arn } = await new STSClient(clientSettings(gateway, 'AKIAROLE')).send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe('arn:aws:sts::123456789012:assumed-role/SettleRole/settle');
  });
});
