import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGateway } from '../../gateway.ts';
import { createIdentities } from '../../iam/identity.ts';
import { createKernel, type OpenKernel } from '../../kernel/create-kernel.ts';
import { installVirtualTime, type VirtualTime } from '../../kernel/virtual-time.ts';
import { clientSettings } from '../../wire/client-settings.ts';
import { createSns, type SnsService } from '../sns/sns.ts';
import { type CloudWatchService, createCloudWatch } from './cloudwatch.ts';

const MINUTE_MS = 60_000;
let time: VirtualTime;
let kernel: OpenKernel;
let sns: SnsService;
let cloudWatch: CloudWatchService;
let client: CloudWatchClient;
let topicArn: string;
let told: string[];

beforeEach(async () => {
  time = installVirtualTime({ startMs: Date.parse('2026-03-01T02:00:00Z') });
  kernel = createKernel({ seed: 1 });
  sns = createSns(kernel);
  cloudWatch = createCloudWatch(kernel, sns);
  const gateway = createGateway(kernel, [sns, cloudWatch], createIdentities(kernel.account), { latencyMs: 0 });
  client = new CloudWatchClient(clientSettings(gateway));
  topicArn = 'arn:aws:sns:eu-west-1:123456789012:alerts';
  const caller = { kind: 'operator', arn: 'arn', name: 'operator' } as const;
  await time.drive(gateway.perform({ caller, service: 'sns', operation: 'CreateTopic', input: { Name: 'alerts' } }));
  told = [];
  kernel.onEvent(({ detail }) => told.push(JSON.stringify(detail.state).slice(10, 12)));
});

afterEach(() => time.uninstall());

function alarm(overrides: Partial<PutMetricAlarmCommandInput>) {
  return time.drive(
    client.send(
      new PutMetricAlarmCommand({
        AlarmName: 'errors',
        Namespace: 'AWS/Lambda',
        MetricName: 'Errors',
        Dimensions: [{ Name: 'FunctionName', Value: 'settle' }],
        Statistic: 'Sum',
        Period: 300,
        EvaluationPeriods: 1,
        Threshold: 2,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        TreatMissingData: 'notBreaching',
        AlarmActions: [topicArn],
        ...overrides,
      }),
    ),
  );
}

const fail = (functionName = 'settle') =>
  cloudWatch.recordMetric('AWS/Lambda', 'Errors', { FunctionName: functionName }, 1);
const state = () => cloudWatch.alarm('errors')?.state;

describe('simulated alarms', () => {
  it('go to ALARM within a minute of the datapoint that crosses, publish, and come back', async () => {
    await alarm({});
    await time.advance(MINUTE_MS);
    expect(state()).toBe('OK');
    fail();
    fail('begin-run');
    await time.advance(MINUTE_MS);
    expect(state()).toBe('OK');
    fail();
    await time.advance(MINUTE_MS);
    expect(state()).toBe('ALARM');
    expect(sns.publications(topicArn)).toMatchObject([{ subject: 'ALARM: "errors" in eu-west-1' }]);
    await time.advance(5 * MINUTE_MS);
    expect(state()).toBe('OK');
    expect(sns.publications()).toHaveLength(1);
    expect(told).toEqual(['OK', 'AL', 'OK']);
  });

  it('treat missing data as breaching when told: the alarm of something that stopped', async () => {
    await alarm({
      TreatMissingData: 'breaching',
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      EvaluationPeriods: 2,
    });
    fail();
    await time.advance(MINUTE_MS);
    expect(state()).toBe('OK');
    await time.advance(9 * MINUTE_MS);
    expect(state()).toBe('OK');
    await time.advance(MINUTE_MS);
    expect(state()).toBe('ALARM');
  });

  it('need as many datapoints as told, and stay undecided without data', async () => {
    await alarm({ EvaluationPeriods: 3, DatapointsToAlarm: 2, Threshold: 1, TreatMissingData: 'missing' });
    await time.advance(MINUTE_MS);
    expect(state()).toBe('INSUFFICIENT_DATA');
    fail();
    await time.advance(5 * MINUTE_MS);
    expect(state()).toBe('OK');
    fail();
    await time.advance(MINUTE_MS);
    expect(state()).toBe('ALARM');
    await time.advance(20 * MINUTE_MS);
    expect(state()).toBe('INSUFFICIENT_DATA');
  });

  it('take metrics over the wire, and describe themselves', async () => {
    await alarm({ AlarmName: 'errors', Threshold: 5, Statistic: 'Maximum' });
    const datum = { MetricName: 'Errors', Dimensions: [{ Name: 'FunctionName', Value: 'settle' }], Values: [1, 7] };
    await time.drive(client.send(new PutMetricDataCommand({ Namespace: 'AWS/Lambda', MetricData: [datum] })));
    await time.advance(MINUTE_MS);
    const { MetricAlarms } = await time.drive(client.send(new DescribeAlarmsCommand({ StateValue: 'ALARM' })));
    expect(MetricAlarms).toMatchObject([{ AlarmName: 'errors', StateValue: 'ALARM', Threshold: 5 }]);
  });

  it('are listed in pages', async () => {
    for (const AlarmName of ['one', 'two', 'three']) await alarm({ AlarmName });
    const first = await time.drive(client.send(new DescribeAlarmsCommand({ MaxRecords: 2 })));
    expect(first.MetricAlarms?.map(({ AlarmName }) => AlarmName)).toEqual(['one', 'two']);
    const { NextToken } = first;
    const second = await time.drive(client.send(new DescribeAlarmsCommand({ MaxRecords: 2, NextToken })));
    expect(second.MetricAlarms).toMatchObject([{ AlarmName: 'three' }]);
    expect(second.NextToken).toBeUndefined();
  });

  it('refuse what is not simulated', async () => {
    const Metrics = [{ Id: 'a', Expression: 'b / c' }];
    await expect(alarm({ Metrics })).rejects.toThrow('metric math');
  });
});
