import type { PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import { ApiError } from '../../kernel/service.ts';
import { metricKey } from './metrics.ts';

export type MissingData = 'missing' | 'notBreaching' | 'breaching' | 'ignore';

/** A metric alarm with its defaults filled in (CloudWatch, PutMetricAlarm). */
export interface AlarmDefinition {
  readonly name: string;
  readonly description: string;
  readonly metric: string;
  readonly metricName: string;
  readonly namespace: string;
  readonly statistic: string;
  readonly periodMs: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly threshold: number;
  readonly breaches: (value: number) => boolean;
  readonly comparison: string;
  readonly missingData: MissingData;
  readonly actionsEnabled: boolean;
  readonly actions: {
    readonly ALARM: readonly string[];
    readonly OK: readonly string[];
    readonly INSUFFICIENT_DATA: readonly string[];
  };
  readonly input: PutMetricAlarmInput;
}

const COMPARISONS: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

function invalid(message: string): ApiError {
  return new ApiError('ValidationError', message);
}

interface Source {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
  readonly periodSeconds: number;
}

/** The alarm's own metric, or the only one of its `Metrics`, as CDK writes it for a metric with a label or account. */
function sourceOf(input: PutMetricAlarmInput): Source {
  const [query, ...others] = input.Metrics ?? [];
  if (others.length > 0 || query?.Expression) throw invalid('Alarms on metric math are not simulated');
  const stat = query?.MetricStat;
  const { Namespace: namespace, MetricName: metricName, Dimensions: dimensions = [] } = stat?.Metric ?? input;
  const statistic = stat?.Stat ?? input.Statistic ?? input.ExtendedStatistic;
  const periodSeconds = stat?.Period ?? input.Period;
  if (!namespace || !metricName || !statistic || !periodSeconds)
    throw invalid('An alarm needs Namespace, MetricName, a statistic and Period');
  const named = dimensions.map(({ Name: name = '', Value: value = '' }) => [name, value]);
  return { namespace, metricName, statistic, periodSeconds, dimensions: Object.fromEntries(named) };
}

function missingDataOf(text = 'missing'): MissingData {
  if (text === 'missing' || text === 'notBreaching' || text === 'breaching' || text === 'ignore') return text;
  throw invalid(`Option ${text} is not valid for TreatMissingData`);
}

/**
 * Reads an alarm.
 * @throws ApiError ValidationError for what CloudWatch refuses, and for metric math, which is not simulated.
 */
export function alarmDefinition(input: PutMetricAlarmInput): AlarmDefinition {
  const source = sourceOf(input);
  const { ComparisonOperator: comparison = '', Threshold: threshold, EvaluationPeriods: evaluationPeriods } = input;
  const compare = COMPARISONS[comparison];
  if (!compare || threshold === undefined || !evaluationPeriods)
    throw invalid('An alarm needs ComparisonOperator, Threshold and EvaluationPeriods');
  return {
    name: input.AlarmName ?? '',
    description: input.AlarmDescription ?? '',
    metric: metricKey(source.namespace, source.metricName, source.dimensions),
    metricName: source.metricName,
    namespace: source.namespace,
    statistic: source.statistic,
    periodMs: source.periodSeconds * 1000,
    evaluationPeriods,
    datapointsToAlarm: input.DatapointsToAlarm ?? evaluationPeriods,
    threshold,
    breaches: (value) => compare(value, threshold),
    comparison,
    missingData: missingDataOf(input.TreatMissingData),
    actionsEnabled: input.ActionsEnabled ?? true,
    actions: {
      ALARM: input.AlarmActions ?? [],
      OK: input.OKActions ?? [],
      INSUFFICIENT_DATA: input.InsufficientDataActions ?? [],
    },
    input,
  };
}
