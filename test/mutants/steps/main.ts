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
import { type Noted, runTests } from './run-tests.ts';
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

/** Some tests of one file that come to a mutant. */
interface Trial {
  readonly file: string;
  /** Left out: all of the file. */
  readonly tests?: readonly string[] | undefined;
  /** How long they take when no mutant is on. */
  readonly tookMs: number;
}

const surveys = new Map<string, Noted>();

/** Which mutants the tests of a file come to when none is on. What fails then would seem to notice every mutant. */
async function survey(file: string): Promise<Noted> {
  const known = surveys.get(file);
  if (known !== undefined) return known;
  const ended = await runTests({ file, bundles, mutant: 'none', limitMs: 1_800_000 });
  if (ended.outcome !== 'passed')
    throw new Error(`${file} does not pass without a mutant: npm run test:region -- ${file}`);
  surveys.set(file, ended.noted);
  return ended.noted;
}

/** A test that never comes to the mutant's place lives through the same with it and without, so it is left out. */
async function trial(file: string, mutant: string): Promise<Trial | undefined> {
  const { tests, outsideTests } = await survey(file);
  const isEverywhere = outsideTests.includes(mutant);
  const those = isEverywhere ? tests : tests.filter(({ reached }) => reached.includes(mutant));
  if (those.length === 0) return undefined;
  const tookMs = those.reduce((sum, test) => sum + test.tookMs, 0);
  return { file, tests: isEverywhere ? undefined : those.map(({ name }) => name), tookMs };
}

/** The shortest of the trials in files that are surveyed, then the other files in the table's order: a survey is not made in vain. */
async function* trials({ id, file }: Mutant): AsyncGenerator<Trial> {
  const { known = [], unknown = [] } = Object.groupBy(testsOf(file), (test) =>
    surveys.has(test) ? 'known' : 'unknown',
  );
  const ready = await Promise.all(known.map((test) => trial(test, id)));
  yield* ready.flatMap((each) => each ?? []).toSorted((one, other) => one.tookMs - other.tookMs);
  for (const test of unknown) yield* [(await trial(test, id)) ?? []].flat();
}

/** The limit allows for what the first test of a process makes for all of them. One file a call, so that the first that notices ends it. */
async function judge(mutant: Mutant): Promise<string> {
  let isReached = false;
  for await (const { file, tests, tookMs } of trials(mutant)) {
    isReached = true;
    const limitMs = 3 * tookMs + 60_000;
    const ended = await runTests({ file, tests, bundles, mutant: mutant.id, limitMs });
    if (ended.outcome !== 'passed') return `${ended.outcome} by ${file}`;
    if (!ended.noted.isReached) throw new Error(`${file} came to #${mutant.id} without a mutant, and not with it.`);
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
