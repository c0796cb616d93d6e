import type { KindFacts } from '../kind-facts.ts';

export const facts = {
  role: 'database',
  fixedAtOnce: false,
  /** https://docs.aws.amazon.com/memorydb/latest/devguide/snapshots.html#snapshots-constraints */
  snapshotsPerDay: () => 20,
} as const satisfies KindFacts;
