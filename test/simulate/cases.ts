/** Every single thing that can go wrong in a scenario, one case each. */
import { callMishaps } from './call-mishaps.ts';
import type { Mishap } from './mishap.ts';
import { crash, endings, eventMishaps } from './process-mishaps.ts';
import { recordingOf } from './recording.ts';
import { nightResources, recoveryResources } from './resource-mishaps.ts';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios.ts';

export interface Case {
  /** `database-night/BeginTiers:ec2.CreateSnapshots:0:lost`; several mishaps are joined by `+`. */
  readonly id: string;
  readonly group: string;
  readonly scenario: Scenario;
  readonly mishaps: readonly Mishap[];
  readonly seed: number;
  /** Failures that the scenario is about: there are as many when no mishap adds to them. */
  readonly failures: number;
}

/** What an earlier scenario has is not repeated where it is made in the same words, in the same state, by the same event. */
export async function mishapsOf(scenario: Scenario): Promise<readonly Mishap[]> {
  const own = await recordingOf(scenario);
  const known = await knownBefore(scenario);
  const isNew = (name: string) => !known.has(name);
  const resources = scenario.machine === 'protect' ? nightResources : recoveryResources;
  const states = own.states.filter(({ state }) => isNew(state));
  return [
    ...own.calls.filter(({ likeness }) => isNew(likeness)).flatMap(callMishaps),
    ...own.crashes.filter(({ likeness }) => isNew(likeness)).map(crash),
    ...states.flatMap(endings),
    ...own.events.filter(({ name }) => isNew(name) && isDue(name, scenario)).flatMap(eventMishaps),
    ...resources(scenario, states, own),
  ];
}

/** No schedule is due while a recovery runs, nor after the night. */
const isDue = (event: string, { machine, isAfterwards }: Scenario): boolean =>
  event !== 'schedule' || (machine === 'protect' && !isAfterwards);

async function knownBefore({ after = [] }: Scenario): Promise<ReadonlySet<string>> {
  const known = new Set<string>();
  for (const earlier of after) {
    const { calls, crashes, states, events } = await recordingOf(earlier);
    for (const { likeness } of [...calls, ...crashes]) known.add(likeness);
    for (const { state } of states) known.add(state);
    for (const { name } of events) known.add(name);
  }
  return known;
}

export async function caseOf(scenario: Scenario, mishaps: readonly Mishap[], seed = 1): Promise<Case> {
  return {
    id: `${scenario.name}/${mishaps.map(({ id }) => id).join('+')}${seed === 1 ? '' : `@${seed}`}`,
    group: mishaps.map(({ group }) => group).join('+'),
    scenario,
    mishaps,
    seed,
    failures: (await recordingOf(scenario)).failures,
  };
}

export const casesOf = async (scenario: Scenario): Promise<readonly Case[]> =>
  Promise.all((await mishapsOf(scenario)).map((mishap) => caseOf(scenario, [mishap])));

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
