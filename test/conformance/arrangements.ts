import type { Arrangement } from './arrangement.ts';
import { aurora } from './aurora.ts';
import { dynamodb } from './dynamodb.ts';
import { cacheCluster, clusterModeGroup, plainGroup, serverless } from './elasticache.ts';
import { memorydb } from './memorydb.ts';
import { opensearch } from './opensearch.ts';
import { rds } from './rds.ts';

/** At least one for each kind that keeps snapshots by name; by the words that tell them apart in a report. */
export const arrangements: Readonly<Record<string, Arrangement>> = {
  rds,
  aurora,
  dynamodb,
  memorydb,
  opensearch,
  'elasticache: group in cluster mode': clusterModeGroup,
  'elasticache: group of one shard': plainGroup,
  'elasticache: cluster': cacheCluster,
  'elasticache: serverless': serverless,
};
