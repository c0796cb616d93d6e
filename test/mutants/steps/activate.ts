/** In each test file's process: switches on the mutant that the environment names, and leaves a mark where it was reached. */
import { writeFileSync } from 'node:fs';
import { afterAll } from 'vitest';

/** What Stryker's switches in the bundles read. With a limit they count how often the active mutant was reached. */
const switches = { activeMutant: process.env.HOLDFAST_MUTANT, hitCount: 0, hitLimit: Number.POSITIVE_INFINITY };
Object.assign(globalThis, { __stryker__: switches });

const mark = process.env.HOLDFAST_MUTANT_MARK;
afterAll(() => {
  if (mark !== undefined && switches.hitCount > 0) writeFileSync(mark, '');
});
