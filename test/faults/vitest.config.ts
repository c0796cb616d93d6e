/** Every single fault, on two workers: a region fakes the clock of its whole process. */
import { basename } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Longest first, so that no worker is left alone with a long one at the end. */
const order = [
  'database-recovery',
  'filed-recovery',
  'example-nights',
  'evidence-nights',
  'database-night',
  'undone-recovery',
  'ordered-recovery',
  'ordered-nights',
  'other-recoveries',
  'other-nights',
  'failed-nights',
  'stranded-recovery',
  'planned-mornings',
  'nights',
  'preparation',
  'on-demand',
  'coverage',
];
const rank = ({ moduleId }: TestSpecification) => order.indexOf(basename(moduleId, '.test.ts'));

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((one, other) => rank(one) - rank(other));
  }
}

export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    globalSetup: ['test/scenario/own-temporary-folder.ts', 'test/scenario/bundle-once.ts', 'test/faults/tally.ts'],
    include: ['test/faults/**/*.test.ts'],
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    // What scenarios recorded and functions loaded serves the next file, too.
    isolate: false,
    // Regions come and go by the hundred, and most of what they hold dies young.
    execArgv: ['--max-semi-space-size=64'],
    testTimeout: 900_000, // a group may have hundreds of faults
    hookTimeout: 120_000,
  },
});
