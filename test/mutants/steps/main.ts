/**
 * `npm run mutants:steps`: a sample of the mutants of all steps and flows, each against the scenarios that know its file; `-- --help` says which.
 * Exit code 0 when each was tried, whatever lived: that is to be read. 1 when scenarios fail without a mutant; 2 for arguments that name nothing.
 */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import * as z from 'zod/mini';
import { bundleSettings } from '#infra/bundle-settings.ts';
import { type Random, seededRandom } from '#simulator/kernel/random.ts';
import { bundleInstrumented, type Mutant } from './bundle-instrumented.ts';
import { type Noted, runTests } from './run-tests.ts';
import { testsOf } from './tests-of.ts';

function whole(text: string): number {
  if (!/^[1-9][0-9]*$/.test(text)) throw new InvalidArgumentError('It is a whole number from 1 on.');
  return Number(text);
}

const program = new Command('npm run mutants:steps --')
  .description(
    'Changes one thing of a step or flow at a time, and runs the scenarios in the simulated region that come to it, until one notices. Tries a sample drawn by seed, or the mutants that are named, one after the other: seconds for one that is noticed, minutes for one that is not.',
  )
  .option('--seed <n>', 'which sample', whole, 1)
  .option(
    '--count <n>',
    'how many are drawn, with those before --from; a smaller sample begins a larger one',
    whole,
    60,
  )
  .option('--from <k>', 'begins with the k-th that is drawn', whole, 1)
  .option('--id <id...>', 'these alone, by the number that is printed as #id; they change with the code')
  .addHelpText(
    'after',
    `
Prints a line a mutant, and what came of all:
  killed by <file>      a scenario of this file failed
  timed out by <file>   it took more than thrice its time and a minute
  survived              every test that comes to the place passes: a test is missing, or the change says the same
  not reached           no test of the files in test/mutants/steps/tests-of.ts comes to the place

Examples:
  npm run mutants:steps -- --count 10
  npm run mutants:steps -- --count 20 --from 11     goes on where that one ended
  npm run mutants:steps -- --id 1204                after a test was written for it

Exit codes: 0 each was tried, whatever lived; 1 scenarios fail without a mutant; 2 the arguments name nothing.`,
  )
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse();

const values = z.parse(
  z.object({ seed: z.number(), count: z.number(), from: z.number(), id: z.optional(z.array(z.string())) }),
  program.opts(),
);
const root = bundleSettings.absWorkingDir;
const bundles = join(root, 'dist', 'mutants', 'functions');

const say = (line: string) => void process.stdout.write(`${line}\n`);

function drawn(mutants: readonly Mutant[], random: Random): readonly Mutant[] {
  const { id: chosen, count: wanted, from } = values;
  if (chosen !== undefined) return mutants.filter(({ id }) => chosen.includes(id));
  const left = [...mutants];
  const count = Math.min(wanted, left.length);
  const order = Array.from({ length: count }, () => left.splice(Math.floor(random.between(0, left.length)), 1)).flat();
  return order.slice(from - 1);
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
// A file without a row is found now, and not hours later.
for (const file of files) testsOf(file);
const mutants = await bundleInstrumented(files, bundles);
const sample = drawn(mutants, seededRandom(values.seed));
if (sample.length < (values.id?.length ?? 1)) {
  program.error(
    `error: nothing to try: there are #0 to #${mutants.length - 1}, and --from is one of those that --count draws`,
  );
}
say(`seed ${values.seed}: ${sample.length} of the ${mutants.length} mutants of ${files.length} files`);
const outcomes = new Map<string, number>();
for (const mutant of sample) {
  const { id, place, original, replacement } = mutant;
  const judged = await judge(mutant);
  const [outcome = judged] = judged.split(' by ');
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  say(`${judged}: #${id} ${place} ${original} => ${replacement}`);
}
say(`${sample.length} tried: ${[...outcomes].map(([outcome, count]) => `${count} ${outcome}`).join(', ')}`);
