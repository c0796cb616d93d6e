/** RDS DB instances: manual snapshots. */
import { namedSnapshots } from '../named-snapshots.ts';
import { snapshots } from './snapshots.ts';

export const rds = namedSnapshots(snapshots);
