import type { KindFacts } from '../kind-facts.ts';

export const facts = {
  role: 'database',
  fixedAtOnce: false,
  reachesBackMs: 60_000,
  continuousDays: 35,
} as const satisfies KindFacts;
