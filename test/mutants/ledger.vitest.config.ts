/** The tests of the ledger on a real table engine: what must notice a mutant of it. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/ledger.test.ts'],
    testTimeout: 20_000,
  },
});
