/** Every single thing that can go wrong in a scenario, one case each. */
import { callMishaps } from './call-mishaps.ts';
import type { Mishap } from './mishap.ts';
import { crashes, endings, eventMishaps } from './process-mishaps.ts';
import { recordingOf } from './recording.ts';
import { nightResources, recoveryResources } from './resource-mishaps.ts';
import { type Scenario, scenarios } from './scenarios.ts';

export interface Case {
  /** `database-night/BeginTiers:ec2.CreateSnapshots:0:lost`; several mishaps are joined by `+`. */
  readonly id: string;
  readonly group: string;
  readonly scenario: Scenario;
  readonly mishaps: readonly Mishap[];
  readonly seed: number;
}

export async function mishapsOf(scenario: Scenario): Promise<readonly Mishap[]> {
  const { calls, invocations, states, events } = await recordingOf(scenario);
  const resources = scenario.machine === 'protect' ? nightResources : recoveryResources;
  return [
    ...calls.flatMap(callMishaps),
    ...invocations.flatMap(crashes),
    ...states.flatMap(endings),
    ...events.flatMap(eventMishaps),
    ...resources(scenario, states),
  ];
}

export const caseOf = (scenario: Scenario, mishaps: readonly Mishap[], seed = 1): Case => ({
  id: `${scenario.name}/${mishaps.map(({ id }) => id).join('+')}${seed === 1 ? '' : `@${seed}`}`,
  group: mishaps.map(({ group }) => group).join('+'),
  scenario,
  mishaps,
  seed,
});

export const casesOf = async (scenario: Scenario): Promise<readonly Case[]> =>
  (await mishapsOf(scenario)).map((mishap) => caseOf(scenario, [mishap]));

/** @throws Error when there is no such scenario or mishap */
export async function caseNamed(id: string): Promise<Case> {
  const [, name = '', list = '', seed = '1'] = /^([^/]+)\/(.*?)(?:@(\d+))?$/.exec(id) ?? [];
  const scenario = Object.values(scenarios).find((each) => each.name === name);
  if (scenario === undefined) throw new Error(`${id} names none of ${Object.keys(scenarios).join(', ')}.`);
  const known = await mishapsOf(scenario);
  const mishaps = list.split('+').map((wanted) => {
    const found = known.find((mishap) => mishap.id === wanted);
    if (found === undefined) throw new Error(`${scenario.name} has no mishap ${wanted}.`);
    return found;
  });
  return caseOf(scenario, mishaps, Number(seed));
}
