import { cacheName } from '../../cache-name.ts';
import type { KindFacts } from '../kind-facts.ts';

const isServerless = (resource: string): boolean => cacheName(resource)?.form === 'serverlesscache';

export const facts = {
  role: 'database',
  fixedAtOnce: false,
  /** https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups.html#backups-constraints */
  snapshotsPerDay: (resource) => (isServerless(resource) ? 24 : 20),
  takesTimeOfDay: isServerless,
} as const satisfies KindFacts;
