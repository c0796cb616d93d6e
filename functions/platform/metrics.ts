import { Metrics } from '@aws-lambda-powertools/metrics';

/** Written to the log in CloudWatch's embedded metric format: no call, no permission. */
export const metrics = new Metrics({ namespace: 'Holdfast', serviceName: 'holdfast' });
