import type { Case } from '../simulate/cases.ts';
import { runCase } from '../simulate/run-case.ts';
import type { Scenario } from '../simulate/scenarios.ts';
import { selected } from '../simulate/selection.ts';

/** Broken promises of a group's cases, each with the command that replays it. A group without cases is broken, too. */
export async function brokenIn(scenario: Scenario, group: string, share: number): Promise<readonly string[]> {
  const cases = await selected(scenario, group, share);
  const broken: string[] = cases.length === 0 ? [`no case of ${group}`] : [];
  for (const one of cases) broken.push(...(await brokenBy(one)));
  return broken;
}

async function brokenBy(one: Case): Promise<readonly string[]> {
  const { id, broken } = await runCase(one);
  return broken.length === 0 ? [] : [[`npm run simulate -- --case '${id}'`, ...broken].join('\n    ')];
}
