import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { environment } from './environment.ts';

const metrics = new Metrics({ namespace: 'Holdfast', serviceName: 'holdfast' });

/** Each is watched by the alarm of its name. */
type Counted = 'ReleaseUnconfirmed' | 'RecoveryStuck' | 'NobodyTold';

/**
 * Counts one, of this stack: others in the account and Region have alarms of their own. Written to the log at once, in CloudWatch's embedded
 * metric format: no call, no permission.
 */
export function count(name: Counted): void {
  metrics.singleMetric().addDimension('stack', environment.stack()).addMetric(name, MetricUnit.Count, 1);
}
