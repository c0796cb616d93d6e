import type { KindFacts } from '../kind-facts.ts';

export const facts = { role: 'database', fixedAtOnce: false } as const satisfies KindFacts;
