/** DynamoDB tables: on-demand backups, or moments of their point-in-time recovery. */
import { withContinuous } from '../continuous/with-continuous.ts';
import { namedSnapshots } from '../named-snapshots.ts';
import type { Provider } from '../provider.ts';
import { backups } from './backups.ts';
import { continuousBackups } from './continuous-backups.ts';

export const dynamodb: Provider = {
  ...withContinuous(namedSnapshots(backups), continuousBackups),
  isMeasured: ({ resource }, dimension, value) => dimension === 'TableName' && value === resource,
};
