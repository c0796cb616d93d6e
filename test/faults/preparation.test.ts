import { describe, expect, it } from 'vitest';
import { type Case, caseOf, casesOf } from '../simulate/cases.ts';
import { endStateOf } from '../simulate/end-state.ts';
import { type Prepare, preparedByCalls, preparedByFunctions } from '../simulate/preparation.ts';
import type { Scenario } from '../simulate/scenario.ts';
import { scenarios } from '../simulate/scenarios.ts';
import { openScene } from '../simulate/scene.ts';
import { story } from '../simulate/story.ts';

/**
 * Left behind by its preparation, told of it, and left behind in the end. A function that ran before starts faster, so times are left out, and with them
 * how often something was looked for before it was there.
 */
async function live(one: Case, preparation: Prepare) {
  const scene = await openScene(one, preparation);
  const { stage, scenario } = scene;
  try {
    const before = await endStateOf(scene);
    for (const mishap of one.mishaps) mishap.arm(stage, scenario);
    await scenario.live(stage);
    const told = story(scene)
      .split('\n')
      .map((line) => line.replace(/^\S+ \S+/, ''));
    return { before, told: withoutRepeatedRefusals(told).toSorted(), after: await endStateOf(scene) };
  } finally {
    stage.close();
  }
}

const withoutRepeatedRefusals = (lines: readonly string[]): readonly string[] =>
  lines.filter((line, index) => !/ refused /.test(line) || lines.indexOf(line) === index);

/**
 * Undisturbed, and a few that are not. None that is throttled until its retries run out: the SDK's pauses are drawn by chance, and decide how often
 * it tries, so that even the same preparation, lived twice, tells of more tries or fewer.
 */
async function someCases(scenario: Scenario): Promise<readonly Case[]> {
  const all = (await casesOf(scenario)).filter(({ id }) => !id.endsWith(':throttled'));
  return [await caseOf(scenario, []), ...all.filter((_, index) => index % Math.ceil(all.length / 3) === 1)];
}

describe('a case that begins from the calls of the nights before it', () => {
  it.each([scenarios['database-recovery'], scenarios['ordered-recovery'], scenarios['appliance-morning']])(
    'ends in the same story as one that the functions prepared: $name',
    async (scenario) => {
      for (const one of await someCases(scenario)) {
        expect(await live(one, preparedByCalls), one.id).toEqual(await live(one, preparedByFunctions));
      }
    },
  );
});
