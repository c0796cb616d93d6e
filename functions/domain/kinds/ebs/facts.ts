import type { KindFacts } from '../kind-facts.ts';

export const facts = {
  ...{ role: 'disk', fixedAtOnce: true, ofInstances: true },
  copiedElsewhere: true,
} as const satisfies KindFacts;
