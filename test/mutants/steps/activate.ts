/** In each test file's process: switches on the mutant that the environment names, and notes which mutants each test comes to. */
import { writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeEach } from 'vitest';
import type { Switches } from './bundle-instrumented.ts';
import type { Noted } from './run-tests.ts';

/** What Stryker's switches in the bundles read and write. With a limit they count how often the active mutant was reached. */
const switches: Switches = {
  activeMutant: process.env.HOLDFAST_MUTANT,
  hitCount: 0,
  hitLimit: Number.POSITIVE_INFINITY,
  currentTestId: undefined,
  mutantCoverage: { static: {}, perTest: {} },
};
Object.assign(globalThis, { __stryker__: switches });

/** Taken before a region fakes the clock. */
const { bigint: nowNs } = process.hrtime;
const tookMs: Record<string, number> = {};
let startedNs = nowNs();

beforeEach(({ task }) => {
  switches.currentTestId = task.fullTestName;
  startedNs = nowNs();
});
afterEach(({ task }) => {
  tookMs[task.fullTestName] = Number(nowNs() - startedNs) / 1e6;
  switches.currentTestId = undefined;
});
afterAll(() => {
  const notes = process.env.HOLDFAST_MUTANT_NOTES;
  if (notes === undefined) return;
  const { hitCount, mutantCoverage } = switches;
  const tests = Object.entries(tookMs).map(([name, ms]) => ({
    name,
    tookMs: ms,
    reached: Object.keys(mutantCoverage.perTest[name] ?? {}),
  }));
  const noted: Noted = { isReached: hitCount > 0, outsideTests: Object.keys(mutantCoverage.static), tests };
  writeFileSync(notes, JSON.stringify(noted));
});
