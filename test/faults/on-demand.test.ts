import { describe, expect, it } from 'vitest';
import { runCase } from '../simulate/run-case.ts';
import { scenarios } from '../simulate/scenarios.ts';

/** Their faults cost more than they add to each sweep: `npm run simulate -- --scenario <name>` tries them. */
const onDemand = [
  'copied-elsewhere',
  'mediation-recovery',
  'jobs-recovery',
  'evidence-recovery',
  'clustered-recovery',
] as const;

describe('what is tried on demand keeps every promise by itself', () => {
  it.each(onDemand)('in %s', async (name) => {
    const undisturbed = {
      id: name,
      group: 'undisturbed',
      scenario: scenarios[name],
      mishaps: [],
      seed: 1,
      failures: 0,
    };
    expect(await runCase(undisturbed)).toMatchObject({ broken: [] });
  });
});
