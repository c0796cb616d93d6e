import { defineConfig } from 'vitest/config';

/** Cheap suites first: `fast` is pure or synthesizes templates, `region` runs the deployed stack in the simulated region. */
export default defineConfig({
  test: {
    // A region fakes the clock of its whole process, so scenarios run side by side in processes only.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'fast',
          globalSetup: 'test/scenario/own-temporary-folder.ts',
          include: [
            'functions/**/*.test.ts',
            'infra/**/*.test.ts',
            'test/template/*.test.ts',
            'test/{definitions,kind-lists}.test.ts',
          ],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'region',
          globalSetup: ['test/scenario/own-temporary-folder.ts', 'test/scenario/bundle-once.ts'],
          include: [
            'simulator/**/*.test.ts',
            'cli/**/*.test.ts',
            'demo/**/*.test.ts',
            'test/{,conformance/,kinds/*/}*.test.ts',
          ],
          exclude: ['test/{definitions,kind-lists}.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
