/**
 * `npm run mutants:steps`: a sample of the mutants of all steps and flows, each against the scenarios that know its file.
 *   --seed S     which sample, default 1
 *   --count N    how many mutants, default 60; a smaller sample is the beginning of a larger one
 *   --from K     begins with the K-th of them, default 1
 *   --id X       this mutant alone; may be given several times
 * Prints a line a mutant. What survives is to be read, so it is no reason for a bad exit code; scenarios that fail without a mutant are.
 */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleSettings } from '#infra/bundle-settings.ts';
import { type Random, seededRandom } from '#simulator/kernel/random.ts';
import { bundleInstrumented, type Mutant } from './bundle-instrumented.ts';
import { runTests } from './run-tests.ts';
import { testsOf } from './tests-of.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '60' },
    from: { type: 'string', default: '1' },
    id: { type: 'string', multiple: true },
  },
});
const root = bundleSettings.absWorkingDir;
const bundles = join(root, 'dist', 'mutants', 'functions');

const say = (line: string) => void process.stdout.write(`${line}\n`);

function drawn(mutants: readonly Mutant[], random: Random): readonly Mutant[] {
  const { id: chosen } = values;
  if (chosen !== undefined) return mutants.filter(({ id }) => chosen.includes(id));
  const left = [...mutants];
  const count = Math.min(Number(values.count), left.length);
  const order = Array.from({ length: count }, () => left.splice(Math.floor(random.between(0, left.length)), 1)).flat();
  return order.slice(Number(values.from) - 1);
}

const knownMs = new Map<string, number>();

/** How long a test file takes when no mutant is on. What fails then would seem to notice every mutant. */
async function undisturbedMs(test: string): Promise<number> {
  const known = knownMs.get(test);
  if (known !== undefined) return known;
  const startedMs = performance.now();
  const { outcome } = await runTests({ file: test, bundles, mutant: 'none', limitMs: 1_800_000 });
  if (outcome !== 'passed') throw new Error(`${test} does not pass without a mutant: npm run test:region -- ${test}`);
  const tookMs = performance.now() - startedMs;
  knownMs.set(test, tookMs);
  return tookMs;
}

/** The same limit as in `domain.stryker.json`. One file a call, so that the first that notices ends it. */
async function judge({ id, file }: Mutant): Promise<string> {
  let isReached = false;
  for (const test of testsOf(file)) {
    const limitMs = 3 * (await undisturbedMs(test)) + 20_000;
    const ended = await runTests({ file: test, bundles, mutant: id, limitMs });
    if (ended.outcome !== 'passed') return `${ended.outcome} by ${test}`;
    isReached ||= ended.isReached;
  }
  return isReached ? 'survived' : 'not reached';
}

const files = globSync('functions/{steps,flows}/*.ts', { cwd: root }).toSorted();
const mutants = await bundleInstrumented(files, bundles);
const sample = drawn(mutants, seededRandom(Number(values.seed)));
say(`seed ${values.seed}: ${sample.length} of the ${mutants.length} mutants of ${files.length} files`);
for (const mutant of sample) {
  const { id, place, original, replacement } = mutant;
  say(`${await judge(mutant)}: #${id} ${place} ${original} => ${replacement}`);
}
