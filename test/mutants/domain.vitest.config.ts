/** The tests that know the domain alone: what must notice a mutant of it. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['functions/domain/**/*.test.ts'],
    testTimeout: 30_000,
  },
});
