import { appendFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Case, casesOf } from '../simulate/cases.ts';
import { runCase } from '../simulate/run-case.ts';
import type { Scenario } from '../simulate/scenario.ts';

/** One test for each group of a scenario's cases: a step whose calls go wrong, functions that die, executions that end … */
export async function everyFaultOf(...all: readonly Scenario[]): Promise<void> {
  for (const scenario of all) {
    const groups = Map.groupBy(await casesOf(scenario), ({ group }) => group);
    describe(`${scenario.name} keeps every promise, whatever one thing goes wrong`, () => {
      it.each([...groups])('with %s', async (_, cases) => expect(await brokenIn(cases)).toEqual([]));
    });
  }
}

/** Broken promises, each with the command that replays it. */
async function brokenIn(cases: readonly Case[]): Promise<readonly string[]> {
  const broken: string[] = [];
  const { user, system } = process.cpuUsage();
  for (const one of cases) broken.push(...(await brokenBy(one)));
  const used = process.cpuUsage({ user, system });
  tally({ cases: cases.length, broken: broken.length, cpuMs: (used.user + used.system) / 1000 });
  return broken;
}

/** Summed up at the end of the sweep (`tally.ts`). */
function tally(entry: object): void {
  const { HOLDFAST_TALLY: file } = process.env;
  if (file) appendFileSync(file, `${JSON.stringify(entry)}\n`);
}

async function brokenBy(one: Case): Promise<readonly string[]> {
  const { id, broken } = await runCase(one);
  return broken.length === 0 ? [] : [[`npm run simulate -- --case '${id}'`, ...broken].join('\n    ')];
}
