/** RDS DB instances: manual snapshots, or moments of their automated backups. */
import { withContinuous } from '../continuous/with-continuous.ts';
import { namedSnapshots } from '../named-snapshots.ts';
import type { Provider } from '../provider.ts';
import { automatedBackups } from './automated-backups.ts';
import { snapshots } from './snapshots.ts';

export const rds: Provider = {
  ...withContinuous(namedSnapshots(snapshots), automatedBackups),
  isMeasured: ({ resource }, dimension, value) => dimension === 'DBInstanceIdentifier' && value === resource,
};
