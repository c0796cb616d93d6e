import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  type IMetric,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Policy } from '#domain/policy.ts';
import type { Functions } from './functions.ts';
import type { Topics } from './topics.ts';

/** What they are about: who does what should be done, and where it ends up. */
export interface Alarmed {
  readonly functions: Functions;
  readonly topics: Topics;
  readonly deadLetters: Queue;
}

/** Alarms for what Holdfast itself could not mail about. They go to everybody who is told of failures, unfiltered. */
export function createAlarms(parent: Construct, policy: Policy, { functions, topics, deadLetters }: Alarmed): void {
  const scope = new Construct(parent, 'Alarms');
  const alarms = {
    ReleaseUnconfirmed: atLeast(
      1,
      releaseUnconfirmed,
      'A guest has not confirmed that it was released. See the run in `holdfast status`.',
    ),
    RecoveryStuck: atLeast(
      1,
      recoveryStuck,
      'A recovery could neither go on nor be rolled back, and its workload may be down. See its mail, or `holdfast status`.',
    ),
    ReportFails: atLeast(
      2,
      errorsOf(functions.report),
      'Mails are owed and could not be sent. See the log of the report function.',
    ),
    SettleFails: atLeast(
      9,
      errorsOf(functions.settle),
      'Runs are not being sealed. See the log of the settle function.',
    ),
    WatchSilent: silent(functions.watch, 'missed runs go unnoticed, because the watch'),
    ...(policy.plans === undefined
      ? {}
      : {
          RetireSilent: silent(
            functions.retire,
            'what plans of AWS Backup leave undone goes unnoticed, because retire',
          ),
        }),
    DeadLetters: atLeast(
      1,
      deadLettersIn(deadLetters),
      'An event failed in every attempt. Read it in the dead-letter queue.',
    ),
    FailureMailsUndelivered: atLeast(1, undelivered(topics.failures), 'SNS could not deliver a failure mail.'),
    ReportMailsUndelivered: atLeast(1, undelivered(topics.reports), 'SNS could not deliver a report.'),
  } satisfies Record<string, AlarmProps>;
  const action = new SnsAction(topics.alarms);
  for (const [id, props] of Object.entries(alarms)) new Alarm(scope, id, props).addAlarmAction(action);
}

/** Written by the functions in the embedded metric format (`functions/platform/metrics.ts`). */
const counted = (metricName: string) =>
  new Metric({
    namespace: 'Holdfast',
    metricName,
    dimensionsMap: { service: 'holdfast' },
    statistic: Stats.SUM,
    period: Duration.minutes(1),
  });

const releaseUnconfirmed = counted('ReleaseUnconfirmed');
const recoveryStuck = counted('RecoveryStuck');

/**
 * A single hiccup is not worth waking anybody. Fifteen minutes hold fifteen sweeps of `settle`, each of which Lambda repeats twice
 * when it fails, and three of `report`: mails that one attempt could not send are not touched by the next within two minutes, so
 * it fails once a sweep.
 */
const errorsOf = (step: IFunction) => step.metricErrors({ period: Duration.minutes(15), statistic: Stats.SUM });

const deadLettersIn = (queue: Queue) =>
  queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5), statistic: Stats.MAXIMUM });

const undelivered = (topic: Topics['failures']) =>
  topic.metricNumberOfNotificationsFailed({ period: Duration.minutes(5), statistic: Stats.SUM });

const atLeast = (threshold: number, metric: IMetric, alarmDescription: string): AlarmProps => ({
  metric,
  threshold,
  alarmDescription: `Holdfast: ${alarmDescription}`,
  comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  evaluationPeriods: 1,
  treatMissingData: TreatMissingData.NOT_BREACHING,
});

/** Who watches the watch: it runs every hour, and no metric at all is the sign that it does not. So with `retire`, which watches the plans. */
const silent = (step: IFunction, what: string): AlarmProps => ({
  metric: step.metricInvocations({ period: Duration.hours(1), statistic: Stats.SUM }),
  threshold: 1,
  alarmDescription: `Holdfast: ${what} has not run for two hours.`,
  comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
  evaluationPeriods: 2,
  datapointsToAlarm: 2,
  treatMissingData: TreatMissingData.BREACHING,
});
