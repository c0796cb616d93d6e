import type { KindFacts } from '../kind-facts.ts';

export const facts = {
  ...{ role: 'database', fixedAtOnce: false, continuousDays: 35 },
  copiedElsewhere: true,
} as const satisfies KindFacts;
