/** Observations by metric, and statistics over a span of time. */
import type { Kernel } from '../../kernel/service.ts';

export type Dimensions = Readonly<Record<string, string>>;

export interface Observation {
  readonly timeMs: number;
  readonly value: number;
}

export interface Metrics {
  record(key: string, observation: Observation): void;
  /** Observations with `fromMs <= time < toMs`. */
  within(key: string, fromMs: number, toMs: number): readonly Observation[];
}

/** CloudWatch keeps data points of less than an hour for 15 days. */
const KEPT_MS = 15 * 86_400_000;
const PRUNE_EVERY = 1000;

/** One metric is a namespace, a name and exactly these dimensions. */
export function metricKey(namespace: string, name: string, dimensions: Dimensions): string {
  const sorted = Object.entries(dimensions).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([namespace, name, ...sorted]);
}

/** No observations yet. */
export function createMetrics(kernel: Kernel): Metrics {
  const series = new Map<string, Observation[]>();
  return {
    record(key, observation) {
      const known = series.get(key) ?? [];
      known.push(observation);
      const oldestMs = kernel.clock.nowMs() - KEPT_MS;
      series.set(key, known.length % PRUNE_EVERY === 0 ? known.filter(({ timeMs }) => timeMs >= oldestMs) : known);
    },
    within: (key, fromMs, toMs) => (series.get(key) ?? []).filter(({ timeMs }) => timeMs >= fromMs && timeMs < toMs),
  };
}

function percentile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/**
 * `Sum`, `Average`, `Minimum`, `Maximum`, `SampleCount` or a percentile such as `p99`; undefined without values.
 * @throws Error on any other statistic.
 */
export function statisticOf(statistic: string, values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  if (/^p\d+(\.\d+)?$/.test(statistic)) return percentile(values, Number(statistic.slice(1)) / 100);
  switch (statistic) {
    case 'Sum':
      return sum(values);
    case 'Average':
      return sum(values) / values.length;
    case 'Minimum':
      return Math.min(...values);
    case 'Maximum':
      return Math.max(...values);
    case 'SampleCount':
      return values.length;
    default:
      throw new Error(`The statistic ${statistic} is not simulated`);
  }
}
