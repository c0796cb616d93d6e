/**
 * `npm run simulate`: every single fault, or one, or pairs of them drawn by seed.
 *   --case <id>          one case, told as a story
 *   --scenario <name>    cases of one scenario
 *   --only <pattern>     cases whose id matches this regular expression
 *   --shard 1/2          every second case, from the first
 *   --seeds N            one pair of mishaps for each of N seeds
 *   --seeds N --nights M a fleet over M nights for each of N seeds, with chance in every night
 *   --from S             the first of these seeds is S, default 1
 * Exit code 0 when every promise was kept, else 1.
 */
import { parseArgs } from 'node:util';
import { bundle } from '#infra/bundle.ts';
import { type Case, caseNamed, casesOf } from './cases.ts';
import { liveNights } from './nights.ts';
import { pairsOf } from './pairs.ts';
import { runCase } from './run-case.ts';
import { scenarios } from './scenarios.ts';
import { story } from './story.ts';

const { values } = parseArgs({
  options: {
    case: { type: 'string' },
    only: { type: 'string', default: '' },
    scenario: { type: 'string' },
    shard: { type: 'string', default: '1/1' },
    seeds: { type: 'string' },
    nights: { type: 'string' },
    from: { type: 'string', default: '1' },
  },
});
process.env.HOLDFAST_BUNDLES ??= bundle().directory;

const say = (line: string) => void process.stdout.write(`${line}\n`);

async function tellOne(id: string): Promise<number> {
  const one = await caseNamed(id);
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

const seedsOf = (seeds: number): readonly number[] =>
  Array.from({ length: seeds }, (_, index) => Number(values.from) + index);

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
  if (values.seeds !== undefined && values.nights !== undefined)
    return fleet(Number(values.seeds), Number(values.nights));
  if (values.seeds !== undefined) return pairs(Number(values.seeds));
  const all: Case[] = [];
  // One region at a time in a process.
  for (const scenario of Object.values(scenarios)) {
    if ((values.scenario ?? scenario.name) === scenario.name) all.push(...(await casesOf(scenario)));
  }
  const [shard = 1, shards = 1] = values.shard.split('/').map(Number);
  const wanted = new RegExp(values.only);
  return sweep(all.filter(({ id }) => wanted.test(id)).filter((_, index) => index % shards === shard - 1));
}

process.exitCode = (await main()) === 0 ? 0 : 1;
