/** ElastiCache: replication groups and clusters of nodes, and serverless caches; manual snapshots. */
import { namedSnapshots } from '../named-snapshots.ts';
import { snapshots } from './snapshots.ts';

export const elasticache = namedSnapshots(snapshots);
