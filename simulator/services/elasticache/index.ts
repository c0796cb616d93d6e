export { createElastiCache as create } from './elasticache.ts';
