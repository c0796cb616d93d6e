/** The scenarios in the region, on bundles with mutants in them: `test/mutants/steps/main.ts` says which files, and which mutant. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/*.test.ts'],
    setupFiles: 'test/mutants/steps/activate.ts',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 1,
    bail: 1,
    reporters: ['dot'],
  },
});
