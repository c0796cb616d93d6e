/** CloudWatch, as far as the functions use it: which alarms there are, and which metrics they watch. */
import * as z from 'zod/mini';
import type { CallerSettings } from '../aws/aws-caller.ts';
import { govCloud } from '../aws/endpoint.ts';
import { jsonCaller } from '../aws/json-caller.ts';
import { lazy } from '../lazy.ts';

const dimensions = lazy(() => z._default(z.array(z.object({ Name: z.string(), Value: z.string() })), []));
/** Of an alarm on an expression: a metric, or another expression. */
const query = lazy(() =>
  z.object({ MetricStat: z.optional(z.object({ Metric: z.object({ Dimensions: dimensions() }) })) }),
);
const page = lazy(() =>
  z.object({
    MetricAlarms: z._default(
      z.array(z.object({ AlarmName: z.string(), Dimensions: dimensions(), Metrics: z._default(z.array(query()), []) })),
      [],
    ),
    NextToken: z.optional(z.string()),
  }),
);

type Page = z.infer<ReturnType<typeof page>>;

const asked = { AlarmTypes: ['MetricAlarm'], MaxRecords: 100 };

export interface MetricAlarm {
  readonly name: string;
  /** Of all metrics that it watches. */
  readonly dimensions: readonly { readonly Name: string; readonly Value: string }[];
}

export const cloudwatchService = {
  id: 'CloudWatch',
  host: 'monitoring',
  ...{ plainFipsRegions: govCloud, plainDualStackRegions: govCloud },
  version: '1.0',
  target: 'GraniteServiceVersion20100801',
} as const;

export const cloudwatch = lazy(() => cloudwatchOver());

export function cloudwatchOver(settings?: CallerSettings) {
  const call = jsonCaller(cloudwatchService, settings);
  return {
    /** All of the Region, a hundred a call; none that is made of other alarms. */
    async metricAlarms(): Promise<readonly MetricAlarm[]> {
      const all: MetricAlarm[] = [];
      let next: { readonly NextToken?: string } | undefined = {};
      while (next !== undefined) {
        const found: Page = await call('DescribeAlarms', { ...asked, ...next }, page());
        all.push(...found.MetricAlarms.map(alarmOf));
        next = found.NextToken === undefined ? undefined : { NextToken: found.NextToken };
      }
      return all;
    },
  };
}

const alarmOf = ({ AlarmName: name, Dimensions, Metrics }: Page['MetricAlarms'][number]): MetricAlarm => ({
  name,
  dimensions: [...Dimensions, ...Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric.Dimensions ?? [])],
});
