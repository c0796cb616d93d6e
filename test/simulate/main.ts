/**
 * `npm run simulate`: every single fault, or one, or pairs of them drawn by seed.
 *   --case <id>          one case, told as a story
 *   --only <words>       cases whose id has these words
 *   --seeds N --nights M N seeds, each with M pairs of mishaps
 * Exit code 0 when every promise was kept, else 1.
 */
import { parseArgs } from 'node:util';
import { bundle } from '#infra/bundle.ts';
import { type Case, caseNamed, casesOf } from './cases.ts';
import { runCase } from './run-case.ts';
import { scenarios } from './scenarios.ts';
import { story } from './story.ts';

const { values } = parseArgs({
  options: {
    case: { type: 'string' },
    only: { type: 'string', default: '' },
    seeds: { type: 'string' },
    nights: { type: 'string', default: '1' },
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
  for (const one of cases) {
    const { id, broken } = await runCase(one);
    if (broken.length > 0) bad += 1;
    for (const sentence of broken) say(`${id}\n    ${sentence}`);
  }
  say(`${cases.length} cases, ${bad} with broken promises, ${Math.round((performance.now() - startedMs) / 1000)} s`);
  return bad;
}

async function main(): Promise<number> {
  if (values.case !== undefined) return tellOne(values.case);
  const all: Case[] = [];
  // One region at a time in a process.
  for (const scenario of Object.values(scenarios)) all.push(...(await casesOf(scenario)));
  return sweep(all.filter(({ id }) => id.includes(values.only)));
}

process.exitCode = (await main()) === 0 ? 0 : 1;
