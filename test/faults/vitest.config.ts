/** Every single fault, on two workers: a region fakes the clock of its whole process. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    globalSetup: ['test/scenario/bundle-once.ts', 'test/faults/tally.ts'],
    include: ['test/faults/*.test.ts'],
    maxWorkers: 2,
    // Regions come and go by the hundred, and most of what they hold dies young.
    execArgv: ['--max-semi-space-size=64'],
    testTimeout: 600_000,
    hookTimeout: 120_000,
  },
});
