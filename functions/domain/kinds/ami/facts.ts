import type { KindFacts } from '../kind-facts.ts';

export const facts = { role: 'disk', fixedAtOnce: false, ofInstances: true } as const satisfies KindFacts;
