import { Aws, Duration } from 'aws-cdk-lib';
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
import { alarmTexts } from './alarm-texts.ts';
import type { Functions } from './functions.ts';
import type { Topics } from './topics.ts';

/** What they are about: who does what should be done, and where it ends up. */
export interface Alarmed {
  readonly functions: Functions;
  readonly topics: Topics;
  readonly deadLetters: Queue;
}

/** Alarms for what Holdfast itself could not mail about. They go to everybody who is told of failures, unfiltered. */
export function createAlarms(parent: Construct, { functions, topics, deadLetters }: Alarmed): void {
  const scope = new Construct(parent, 'Alarms');
  const texts = alarmTexts({ functions, topics, deadLetters });
  const alarms = {
    ReleaseUnconfirmed: atLeast(1, releaseUnconfirmed, texts.releaseUnconfirmed),
    RecoveryStuck: atLeast(1, recoveryStuck, texts.recoveryStuck),
    NobodyTold: atLeast(1, counted('NobodyTold', Duration.hours(2)), texts.nobodyTold),
    ReportFails: atLeast(2, errorsOf(functions.report), texts.reportFails),
    SettleFails: atLeast(9, errorsOf(functions.settle), texts.settleFails),
    WatchSilent: silent(functions.watch, texts.watchSilent),
    SettleSilent: silent(functions.settle, texts.settleSilent),
    ReportSilent: silent(functions.report, texts.reportSilent),
    RetireSilent: silent(functions.retire, texts.retireSilent),
    DeadLetters: atLeast(1, deadLettersIn(deadLetters), texts.deadLetters),
    FailureMailsUndelivered: atLeast(1, undelivered(topics.failures), texts.failureMailsUndelivered),
    ReportMailsUndelivered: atLeast(1, undelivered(topics.reports), texts.reportMailsUndelivered),
  } satisfies Record<string, AlarmProps>;
  const action = new SnsAction(topics.alarms);
  for (const [id, props] of Object.entries(alarms)) new Alarm(scope, id, props).addAlarmAction(action);
}

/** Written by the functions in the embedded metric format (`functions/platform/metrics.ts`). */
const counted = (metricName: string, period = Duration.minutes(1)) =>
  new Metric({
    namespace: 'Holdfast',
    metricName,
    dimensionsMap: { service: 'holdfast', stack: Aws.STACK_NAME },
    statistic: Stats.SUM,
    period,
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

const atLeast = (threshold: number, metric: IMetric, text: string): AlarmProps => ({
  metric,
  threshold,
  alarmDescription: `Holdfast: ${text}`,
  comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  evaluationPeriods: 1,
  treatMissingData: TreatMissingData.NOT_BREACHING,
});

/**
 * Who watches the watch: each sweep runs every hour at least, and no metric at all is the sign that it does not. Its rule may be disabled, or its
 * function throttled (a reserved concurrency of 0), of which neither leaves an error.
 */
const silent = (step: IFunction, text: string): AlarmProps => ({
  metric: step.metricInvocations({ period: Duration.hours(1), statistic: Stats.SUM }),
  threshold: 1,
  alarmDescription: `Holdfast: ${text}`,
  comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
  evaluationPeriods: 2,
  datapointsToAlarm: 2,
  treatMissingData: TreatMissingData.BREACHING,
});
