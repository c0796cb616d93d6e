import type { PublishInput } from '@aws-sdk/client-sns';
import { arn } from '../../iam/arn.ts';
import type { Kernel, ServiceEvent } from '../../kernel/service.ts';
import type { Alarm } from './alarms.ts';
import type { AlarmState } from './evaluate-alarm.ts';

const LONGEST_SUBJECT = 100;

function alarmArn(kernel: Kernel, name: string): string {
  return arn(kernel, 'cloudwatch', `alarm:${name}`);
}

/** The message that CloudWatch publishes to an alarm's topic. */
export function alarmMessage(kernel: Kernel, alarm: Alarm, from: AlarmState, topicArn: string): PublishInput {
  const { definition, state, reason, changedMs } = alarm;
  const message = {
    AlarmName: definition.name,
    AlarmDescription: definition.description,
    AWSAccountId: kernel.account,
    NewStateValue: state,
    NewStateReason: reason,
    StateChangeTime: new Date(changedMs).toISOString(),
    Region: kernel.regionName,
    AlarmArn: alarmArn(kernel, definition.name),
    OldStateValue: from,
    Trigger: {
      MetricName: definition.metricName,
      Namespace: definition.namespace,
      Statistic: definition.statistic,
      Period: definition.periodMs / 1000,
      EvaluationPeriods: definition.evaluationPeriods,
      ComparisonOperator: definition.comparison,
      Threshold: definition.threshold,
    },
  };
  const subject = `${state}: "${definition.name}" in ${kernel.regionName}`.slice(0, LONGEST_SUBJECT);
  return { TopicArn: topicArn, Subject: subject, Message: JSON.stringify(message) };
}

/** The event of an alarm's change of state (CloudWatch, "Alarm events and EventBridge"). */
export function alarmEvent(kernel: Kernel, alarm: Alarm, from: AlarmState): ServiceEvent {
  const { definition, state, reason, changedMs } = alarm;
  return {
    source: 'aws.cloudwatch',
    detailType: 'CloudWatch Alarm State Change',
    resources: [alarmArn(kernel, definition.name)],
    detail: {
      alarmName: definition.name,
      state: { value: state, reason, timestamp: new Date(changedMs).toISOString() },
      previousState: { value: from },
    },
  };
}
