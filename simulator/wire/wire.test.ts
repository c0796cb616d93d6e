import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { CreateSnapshotsCommand, DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { CborCodec } from '@smithy/core/cbor';
import { describe, expect, it } from 'vitest';
import { createGateway } from '../gateway.ts';
import { createIdentities } from '../iam/identity.ts';
import { createKernel } from '../kernel/create-kernel.ts';
import { ApiError, type Service } from '../kernel/service.ts';
import { loadApi } from './api.ts';
import { clientSettings } from './client-settings.ts';

const clients = {
  ec2: () => import('@aws-sdk/client-ec2'),
  events: () => import('@aws-sdk/client-eventbridge'),
  lambda: () => import('@aws-sdk/client-lambda'),
  monitoring: () => import('@aws-sdk/client-cloudwatch'),
  scheduler: () => import('@aws-sdk/client-scheduler'),
  sns: () => import('@aws-sdk/client-sns'),
};

/** A service that keeps what it was asked and answers with what it is given. */
function echo(name: keyof typeof clients, operation: string, answer: unknown) {
  const asked: unknown[] = [];
  const service: Service = {
    name,
    client: clients[name],
    operations: {
      [operation]: (input: unknown) => {
        asked.push(input);
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
    access: () => [],
  };
  const gateway = createGateway(createKernel({ seed: 1 }), [service], createIdentities('123456789012'), {
    latencyMs: 0,
  });
  const settings = { ...clientSettings(gateway), maxAttempts: 1 };
  return { asked, gateway, settings };
}

const AT = new Date('2026-03-01T02:00:00.250Z');

describe('the wire, asked by the real SDK', () => {
  it('speaks ec2Query both ways: nested lists, tags, filters, dates, empty lists', async () => {
    const { asked, settings } = echo('ec2', 'CreateSnapshots', {
      Snapshots: [
        { SnapshotId: 'snap-1', VolumeSize: 8, StartTime: AT, Encrypted: true, Tags: [{ Key: 'a', Value: '<&>' }] },
        { SnapshotId: 'snap-2', Tags: [] },
      ],
    });
    const input = {
      InstanceSpecification: { InstanceId: 'i-1', ExcludeBootVolume: true, ExcludeDataVolumeIds: ['vol-1', 'vol-2'] },
      Description: 'a&b = c',
      TagSpecifications: [{ ResourceType: 'snapshot' as const, Tags: [{ Key: 'run', Value: 'r.1' }] }],
      CopyTagsFromSource: 'volume' as const,
    };
    const { Snapshots } = await new EC2Client(settings).send(new CreateSnapshotsCommand(input));
    expect(asked).toEqual([input]);
    expect(Snapshots?.[0]).toEqual({
      SnapshotId: 'snap-1',
      VolumeSize: 8,
      StartTime: AT,
      Encrypted: true,
      Tags: [{ Key: 'a', Value: '<&>' }],
    });
    expect(Snapshots?.[1]?.Tags).toEqual([]);
  });

  it('gives a result without members an empty but valid EC2 reply', async () => {
    const { asked, settings } = echo('ec2', 'DescribeInstances', {});
    const input = { Filters: [{ Name: 'tag:x', Values: ['1', '2'] }], MaxResults: 5 };
    const reply = await new EC2Client(settings).send(new DescribeInstancesCommand(input));
    expect(asked).toEqual([input]);
    expect(reply.Reservations).toBeUndefined();
    expect(reply.$metadata.httpStatusCode).toBe(200);
  });

  it('refuses in EC2 words', async () => {
    const { settings } = echo('ec2', 'CreateSnapshots', new ApiError('IncorrectState', 'Volume <vol-1> is not ready'));
    const sent = new EC2Client(settings).send(
      new CreateSnapshotsCommand({ InstanceSpecification: { InstanceId: 'i-1' } }),
    );
    await expect(sent).rejects.toMatchObject({
      name: 'IncorrectState',
      message: 'Volume <vol-1> is not ready',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('speaks awsQuery both ways, and finds the query code of an error shape', async () => {
    const { asked, settings } = echo('sns', 'Publish', { MessageId: 'm-1' });
    const input = {
      TopicArn: 'arn:aws:sns:eu-west-1:123456789012:t',
      Message: 'ä & ö',
      MessageAttributes: {
        severity: { DataType: 'String', StringValue: 'page' },
        blob: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2]) },
      },
    };
    expect(await new SNSClient(settings).send(new PublishCommand(input))).toMatchObject({ MessageId: 'm-1' });
    expect(asked).toEqual([input]);

    const refusing = echo('sns', 'Publish', new ApiError('NotFoundException', 'Topic does not exist'));
    await expect(new SNSClient(refusing.settings).send(new PublishCommand(input))).rejects.toMatchObject({
      name: 'NotFoundException',
      $metadata: { httpStatusCode: 404 },
    });
  });

  it('speaks awsJson 1.1 and 1.0 both ways', async () => {
    const events = echo('events', 'PutEvents', { FailedEntryCount: 0, Entries: [{ EventId: 'e-1' }] });
    const input = { Entries: [{ Time: AT, Source: 's', DetailType: 'd', Detail: '{}' }] };
    const reply = await new EventBridgeClient(events.settings).send(new PutEventsCommand(input));
    expect(events.asked).toEqual([input]);
    expect(reply).toMatchObject({ FailedEntryCount: 0, Entries: [{ EventId: 'e-1' }] });

    const alarms = echo('monitoring', 'DescribeAlarms', {
      MetricAlarms: [{ AlarmName: 'a', StateUpdatedTimestamp: AT }],
    });
    const { MetricAlarms } = await new CloudWatchClient(alarms.settings).send(new DescribeAlarmsCommand({}));
    expect(MetricAlarms).toEqual([{ AlarmName: 'a', StateUpdatedTimestamp: AT }]);
  });

  it('speaks restJson1: labels, query, headers, payload and status', async () => {
    const invoke = echo('lambda', 'Invoke', {
      StatusCode: 200,
      FunctionError: 'Unhandled',
      ExecutedVersion: '$LATEST',
      Payload: new TextEncoder().encode('{"errorType":"QuiesceFault"}'),
    });
    const input = {
      FunctionName: 'arn:aws:lambda:eu-west-1:123456789012:function:begin-run',
      InvocationType: 'RequestResponse' as const,
      Qualifier: '1',
      Payload: new TextEncoder().encode('{"a":1}'),
    };
    const reply = await new LambdaClient(invoke.settings).send(new InvokeCommand(input));
    expect(invoke.asked).toEqual([{ ...input, Payload: expect.any(Uint8Array) }]);
    expect(reply.FunctionError).toBe('Unhandled');
    expect(reply.StatusCode).toBe(200);
    expect(reply.Payload?.transformToString()).toBe('{"errorType":"QuiesceFault"}');

    const list = echo('lambda', 'ListFunctions', { Functions: [{ FunctionName: 'f', Timeout: 30 }] });
    const { Functions } = await new LambdaClient(list.settings).send(new ListFunctionsCommand({ MaxItems: 7 }));
    expect(list.asked).toEqual([{ MaxItems: 7 }]);
    expect(Functions).toEqual([{ FunctionName: 'f', Timeout: 30 }]);
  });

  it('speaks restJson1 with structures in the body, and its errors', async () => {
    const { asked, settings } = echo('scheduler', 'CreateSchedule', { ScheduleArn: 'arn' });
    const input = {
      Name: 'nightly',
      GroupName: 'holdfast',
      ScheduleExpression: 'cron(0 2 * * ? *)',
      StartDate: AT,
      FlexibleTimeWindow: { Mode: 'OFF' as const },
      Target: { Arn: 'a', RoleArn: 'r', Input: '{"x":"y"}' },
      ClientToken: 't',
    };
    await new SchedulerClient(settings).send(new CreateScheduleCommand(input));
    expect(asked).toEqual([input]);
    const refusing = echo('scheduler', 'CreateSchedule', new ApiError('ConflictException', 'exists'));
    await expect(new SchedulerClient(refusing.settings).send(new CreateScheduleCommand(input))).rejects.toMatchObject({
      name: 'ConflictException',
      $metadata: { httpStatusCode: 409 },
    });
  });

  it('speaks CBOR with a client that asks so', async () => {
    const { asked, gateway } = echo('monitoring', 'DescribeAlarms', { MetricAlarms: [{ AlarmName: 'a', Period: 60 }] });
    const shapes = (await loadApi({ name: 'monitoring', client: clients.monitoring })).operations.get('DescribeAlarms');
    if (!shapes) throw new Error('no such operation');
    const serializer = new CborCodec().createSerializer();
    serializer.write(shapes.input, { AlarmNames: ['a'], MaxRecords: 3 });
    const { headers, body } = await gateway.handle({
      method: 'POST',
      host: 'monitoring.eu-west-1.amazonaws.com',
      path: '/service/GraniteServiceVersion20100801/operation/DescribeAlarms',
      query: {},
      headers: {
        'smithy-protocol': 'rpc-v2-cbor',
        authorization: 'AWS4-HMAC-SHA256 Credential=AKIA/20260301/eu-west-1/monitoring/aws4_request, Signature=x',
      },
      body: new Uint8Array(serializer.flush()),
    });
    expect(asked).toEqual([{ AlarmNames: ['a'], MaxRecords: 3 }]);
    expect(headers['smithy-protocol']).toBe('rpc-v2-cbor');
    const reply = await new CborCodec().createDeserializer().read(shapes.output, body);
    expect(reply).toEqual({ MetricAlarms: [{ AlarmName: 'a', Period: 60 }] });
  });
});
