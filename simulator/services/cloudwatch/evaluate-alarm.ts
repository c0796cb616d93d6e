import type { AlarmDefinition } from './alarm-definition.ts';
import { type Metrics, statisticOf } from './metrics.ts';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export interface AlarmVerdict {
  readonly state: AlarmState;
  readonly reason: string;
}

/** The statistic of each of the alarm's last periods, newest first; undefined where nothing was observed. */
function datapoints(alarm: AlarmDefinition, metrics: Metrics, nowMs: number): (number | undefined)[] {
  return Array.from({ length: alarm.evaluationPeriods }, (_, index) => {
    const toMs = nowMs - index * alarm.periodMs;
    const observed = metrics.within(alarm.metric, toMs - alarm.periodMs, toMs);
    return statisticOf(
      alarm.statistic,
      observed.map(({ value }) => value),
    );
  });
}

function isBreaching(alarm: AlarmDefinition, value: number | undefined): boolean {
  return value === undefined ? alarm.missingData === 'breaching' : alarm.breaches(value);
}

function reasonOf(alarm: AlarmDefinition, values: readonly (number | undefined)[]): string {
  const seen = values.filter((value) => value !== undefined);
  const count = `${seen.length} of the last ${alarm.evaluationPeriods} datapoints`;
  return `Threshold Crossed: ${count} [${seen.join(', ')}] against ${alarm.comparison} (${alarm.threshold}); missing data: ${alarm.missingData}`;
}

/**
 * An alarm's state over the periods that end now (CloudWatch, "Evaluating an alarm" and "Configuring how CloudWatch
 * alarms treat missing data"). Simplified: only the last `EvaluationPeriods` periods are looked at.
 */
export function evaluateAlarm(
  alarm: AlarmDefinition,
  metrics: Metrics,
  nowMs: number,
  current: AlarmState,
): AlarmVerdict {
  const values = datapoints(alarm, metrics, nowMs);
  const reason = reasonOf(alarm, values);
  if (values.every((value) => value === undefined)) {
    if (alarm.missingData === 'ignore') return { state: current, reason };
    if (alarm.missingData === 'missing') return { state: 'INSUFFICIENT_DATA', reason };
  }
  const breaching = values.filter((value) => isBreaching(alarm, value)).length;
  return { state: breaching >= alarm.datapointsToAlarm ? 'ALARM' : 'OK', reason };
}
