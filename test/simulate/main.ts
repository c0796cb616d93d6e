/**
 * `npm run simulate`: every single fault, or one, or pairs of them drawn by seed; `-- --help` says which.
 * Exit code 0 when every promise was kept, else 1; 2 for arguments that name nothing.
 */
import { Command, InvalidArgumentError, Option } from 'commander';
import * as z from 'zod/mini';
import { bundle } from '#infra/bundle.ts';
import { type Case, caseNamed, casesOf } from './cases.ts';
import { liveNights } from './nights.ts';
import { pairsOf } from './pairs.ts';
import { runCase } from './run-case.ts';
import { scenarios } from './scenarios.ts';
import { story } from './story.ts';

function whole(text: string): number {
  if (!/^[1-9][0-9]*$/.test(text)) throw new InvalidArgumentError('It is a whole number from 1 on.');
  return Number(text);
}

function pattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    throw new InvalidArgumentError(String(error));
  }
}

function oneOf(text: string): readonly [number, number] {
  const [, shard = 0, shards = 0] = /^([0-9]+)\/([0-9]+)$/.exec(text)?.map(Number) ?? [];
  if (shard < 1 || shard > shards) throw new InvalidArgumentError('It is 1/2 or 2/2 of two halves, and so on.');
  return [shard, shards];
}

const program = new Command('npm run simulate --')
  .description(
    'Tries faults on the bundles, definitions and roles that would be deployed, in a simulated region in virtual time, and checks every promise after each. Without options: every single fault of every scenario.',
  )
  .option('--case <id>', 'one case, told as a story')
  .addOption(
    new Option('--scenario <name>', 'cases of one scenario').choices(Object.values(scenarios).map(({ name }) => name)),
  )
  .addOption(
    new Option('--only <pattern>', 'cases whose id matches this regular expression')
      .argParser(pattern)
      .default(/(?:)/, 'all'),
  )
  .addOption(
    new Option('--shard <which>', 'every second case, from the first: 1/2').argParser(oneOf).default([1, 1], '1/1'),
  )
  .option('--seeds <n>', 'one pair of mishaps for each of n seeds', whole)
  .option('--nights <n>', 'with --seeds: a fleet over n nights for each seed, with chance in every night', whole)
  .option('--from <seed>', 'the first of the seeds', whole, 1)
  .addHelpText('after', '\nExit codes: 0 every promise was kept, 1 one was broken, 2 the arguments name nothing.')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse();

const values = z.parse(
  z.object({
    case: z.optional(z.string()),
    scenario: z.optional(z.string()),
    only: z.instanceof(RegExp),
    shard: z.tuple([z.number(), z.number()]),
    seeds: z.optional(z.number()),
    nights: z.optional(z.number()),
    from: z.number(),
  }),
  program.opts(),
);
process.env.HOLDFAST_BUNDLES ??= bundle().directory;

const say = (line: string) => void process.stdout.write(`${line}\n`);

async function tellOne(id: string): Promise<number> {
  const one = await caseNamed(id).catch((error: unknown) => program.error(`error: ${error}`));
  const { broken } = await runCase(one, (scene) => say(story(scene)));
  for (const sentence of broken) say(`BROKEN: ${sentence}`);
  if (broken.length === 0) say('Every promise was kept.');
  return broken.length;
}

async function sweep(cases: readonly Case[]): Promise<number> {
  const startedMs = performance.now();
  let bad = 0;
  let underWay: string | undefined;
  // Node ends without a word when a simulation waits for what nothing will bring.
  process.once('exit', () => underWay && say(`ended inside ${underWay}`));
  for (const one of cases) {
    underWay = one.id;
    const { id, broken } = await runCase(one);
    underWay = undefined;
    if (broken.length === 0) continue;
    bad += 1;
    say([`npm run simulate -- --case '${id}'`, ...broken].join('\n    '));
  }
  say(`${cases.length} cases, ${bad} with broken promises, ${Math.round((performance.now() - startedMs) / 1000)} s`);
  return bad;
}

const seedsOf = (seeds: number): readonly number[] => Array.from({ length: seeds }, (_, index) => values.from + index);

/** Of two mishaps one may keep the other from happening, and two guards may be gone at once: what is printed is for a person to judge. */
async function pairs(seeds: number): Promise<number> {
  const cases: Case[] = [];
  for (const seed of seedsOf(seeds)) cases.push(...(await pairsOf(seed, 1)));
  return sweep(cases);
}

async function fleet(seeds: number, nights: number): Promise<number> {
  let bad = 0;
  for (const seed of seedsOf(seeds)) {
    await liveNights(seed, nights, ({ night, troubles, broken }) => {
      say(`seed ${seed}, night ${night} of ${nights}: ${troubles.join('; ') || 'nothing goes wrong'}`);
      if (broken.length === 0) return;
      bad += 1;
      say([`npm run simulate -- --from ${seed} --seeds 1 --nights ${night}`, ...broken].join('\n    '));
    });
  }
  return bad;
}

async function main(): Promise<number> {
  if (values.case !== undefined) return tellOne(values.case);
  if (values.seeds !== undefined && values.nights !== undefined) return fleet(values.seeds, values.nights);
  if (values.seeds !== undefined) return pairs(values.seeds);
  const all: Case[] = [];
  // One region at a time in a process.
  for (const scenario of Object.values(scenarios)) {
    if ((values.scenario ?? scenario.name) === scenario.name) all.push(...(await casesOf(scenario)));
  }
  const [shard, shards] = values.shard;
  const chosen = all.filter(({ id }) => values.only.test(id)).filter((_, index) => index % shards === shard - 1);
  if (chosen.length === 0) program.error('error: no case is called so, and nothing was tried');
  return sweep(chosen);
}

process.exitCode = (await main()) === 0 ? 0 : 1;
