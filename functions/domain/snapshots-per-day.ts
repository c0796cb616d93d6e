/** Limits that services set to manual snapshots, and that no quota request raises. */
import { cacheName } from './cache-name.ts';
import type { ManagedMember } from './policy.ts';

/**
 * @returns how many snapshots of one resource its service makes in any 24 hours; undefined: as many as there is room for.
 *   https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups.html#backups-constraints
 *   https://docs.aws.amazon.com/memorydb/latest/devguide/snapshots.html#snapshots-constraints
 */
export function snapshotsPerDay({ kind, resource }: Pick<ManagedMember, 'kind' | 'resource'>): number | undefined {
  if (kind === 'memorydb') return 20;
  if (kind !== 'elasticache') return undefined;
  return cacheName(resource)?.form === 'serverlesscache' ? 24 : 20;
}
