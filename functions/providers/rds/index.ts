/** RDS DB instances: manual snapshots, or moments of their automated backups. */
import { withContinuous } from '../continuous/with-continuous.ts';
import { namedSnapshots } from '../named-snapshots.ts';
import { automatedBackups } from './automated-backups.ts';
import { snapshots } from './snapshots.ts';

export const rds = withContinuous(namedSnapshots(snapshots), automatedBackups);
