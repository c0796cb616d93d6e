/** CloudWatch as far as a stack's alarms need it: metrics that other services record, and alarms that publish. */
import type * as CloudWatch from '@aws-sdk/client-cloudwatch';
import type { PublishInput } from '@aws-sdk/client-sns';
import { arn } from '../../iam/arn.ts';
import { type Access, ApiError, type Kernel, type Service } from '../../kernel/service.ts';
import { pageOf } from '../pages.ts';
import type { RecordMetric } from '../perform.ts';
import { alarmDefinition } from './alarm-definition.ts';
import { alarmEvent, alarmMessage } from './alarm-notice.ts';
import { type Alarm, type Alarms, createAlarms, type OnTransition } from './alarms.ts';
import { createMetrics, metricKey } from './metrics.ts';

export interface CloudWatchService extends Service {
  /** Adds one observation, now. */
  readonly recordMetric: RecordMetric;
  alarm(name: string): Alarm | undefined;
  /** Alarms in state ALARM. */
  alarming(): readonly Alarm[];
}

/** Where alarms publish to; SNS's own `publish`. */
export interface AlarmTarget {
  publish(input: PublishInput): unknown;
}

function describe(kernel: Kernel, { definition, state, reason, changedMs }: Alarm): CloudWatch.MetricAlarm {
  return {
    ...definition.input,
    AlarmArn: arn(kernel, 'cloudwatch', `alarm:${definition.name}`),
    StateValue: state,
    StateReason: reason,
    StateUpdatedTimestamp: new Date(changedMs),
  };
}

function describeAlarms(kernel: Kernel, alarms: Alarms, input: CloudWatch.DescribeAlarmsInput) {
  const chosen = alarms
    .all()
    .filter(({ definition }) => input.AlarmNames?.includes(definition.name) ?? true)
    .filter(({ definition }) => definition.name.startsWith(input.AlarmNamePrefix ?? ''))
    .filter(({ state }) => state === (input.StateValue ?? state));
  const page = pageOf(chosen, input.NextToken, input.MaxRecords);
  const MetricAlarms = page.items.map((alarm) => describe(kernel, alarm));
  return { MetricAlarms, CompositeAlarms: [], NextToken: page.next };
}

/** The observations of one datum: a value, weighted values, or a statistic set (taken as its average). */
function valuesOf(datum: CloudWatch.MetricDatum): number[] {
  if (datum.Value !== undefined) return [datum.Value];
  const { StatisticValues: set } = datum;
  if (set) return Array.from({ length: set.SampleCount ?? 0 }, () => (set.Sum ?? 0) / (set.SampleCount ?? 1));
  return (datum.Values ?? []).flatMap((value, index) =>
    Array.from({ length: datum.Counts?.[index] ?? 1 }, () => value),
  );
}

function setAlarmState(alarms: Alarms, input: CloudWatch.SetAlarmStateInput): void {
  const { AlarmName: name = '', StateValue: state, StateReason: reason = '' } = input;
  if (!alarms.find(name)) throw new ApiError('ResourceNotFound', `Unknown alarm ${name}`, 404);
  if (state) alarms.force(name, { state, reason });
}

function putMetricData(recordMetric: RecordMetric, input: CloudWatch.PutMetricDataInput): void {
  for (const datum of input.MetricData ?? []) {
    const dimensions = (datum.Dimensions ?? []).map(({ Name: name = '', Value: value = '' }) => [name, value]);
    for (const value of valuesOf(datum))
      recordMetric(input.Namespace ?? '', datum.MetricName ?? '', Object.fromEntries(dimensions), value);
  }
}

function accessOf(
  kernel: Kernel,
  operation: string,
  input: CloudWatch.PutMetricAlarmInput & CloudWatch.PutMetricDataInput,
): Access {
  const action = `cloudwatch:${operation}`;
  if (operation === 'PutMetricData')
    return { action, resource: '*', context: { 'cloudwatch:namespace': input.Namespace ?? '' } };
  if (operation === 'DescribeAlarms') return { action, resource: arn(kernel, 'cloudwatch', 'alarm:*') };
  return { action, resource: input.AlarmName ? arn(kernel, 'cloudwatch', `alarm:${input.AlarmName}`) : '*' };
}

function noticeTo(kernel: Kernel, target: AlarmTarget): OnTransition {
  return (alarm, from) => {
    kernel.emit(alarmEvent(kernel, alarm, from));
    if (!alarm.definition.actionsEnabled) return;
    for (const action of alarm.definition.actions[alarm.state])
      if (action.includes(':sns:')) target.publish(alarmMessage(kernel, alarm, from, action));
  };
}

/** CloudWatch without any alarm. Its signing name is `monitoring`; alarms publish to `target`. */
export function createCloudWatch(kernel: Kernel, target: AlarmTarget): CloudWatchService {
  const metrics = createMetrics(kernel);
  const alarms = createAlarms(kernel, metrics, noticeTo(kernel, target));
  const recordMetric: RecordMetric = (namespace, name, dimensions, value) => {
    const key = metricKey(namespace, name, dimensions);
    metrics.record(key, { timeMs: kernel.clock.nowMs(), value });
    alarms.observed(key);
  };
  return {
    name: 'monitoring',
    client: () => import('@aws-sdk/client-cloudwatch'),
    operations: {
      PutMetricAlarm: (input: CloudWatch.PutMetricAlarmInput) => alarms.put(alarmDefinition(input)),
      PutMetricData: (input: CloudWatch.PutMetricDataInput) => putMetricData(recordMetric, input),
      DescribeAlarms: (input: CloudWatch.DescribeAlarmsInput) => describeAlarms(kernel, alarms, input),
      SetAlarmState: (input: CloudWatch.SetAlarmStateInput) => setAlarmState(alarms, input),
      DeleteAlarms: (input: CloudWatch.DeleteAlarmsInput) => {
        for (const name of input.AlarmNames ?? []) alarms.remove(name);
      },
    },
    access: (operation, input) => [accessOf(kernel, operation, Object(input))],
    recordMetric,
    alarm: alarms.find,
    alarming: () => alarms.all().filter(({ state }) => state === 'ALARM'),
  };
}
