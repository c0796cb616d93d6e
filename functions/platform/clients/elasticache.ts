import { ElastiCacheClient } from '@aws-sdk/client-elasticache';
import { lazy } from '../lazy.ts';
import { patience } from '../patience.ts';

export const elasticache = lazy(() => new ElastiCacheClient(patience));
