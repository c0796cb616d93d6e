import type { KindFacts } from '../kind-facts.ts';
import { backedUpType } from './backed-up-type.ts';

export const facts = {
  role: 'disk',
  /** What AWS Backup is asked to copy may be either, by its type. */
  roleOf: (resource) => backedUpType(resource)?.role,
  fixedAtOnce: false,
  jobOfAwsBackup: true,
} as const satisfies KindFacts;
