import type { KindFacts } from '../kind-facts.ts';

export const facts = { role: 'database', fixedAtOnce: false, continuousDays: 35 } as const satisfies KindFacts;
