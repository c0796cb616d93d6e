import { defineConfig } from 'vitest/config';

/** Needs what python-environment.sh makes. */
export default defineConfig({
  test: {
    name: 'linters',
    root: new URL('../..', import.meta.url).pathname,
    globalSetup: ['test/scenario/own-temporary-folder.ts', 'test/scenario/bundle-once.ts'],
    include: ['test/linters/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
