import { describe, expect, it } from 'vitest';
import { type Case, caseOf, casesOf } from '../simulate/cases.ts';
import { endStateOf } from '../simulate/end-state.ts';
import { type Prepare, preparedByCalls, preparedByFunctions } from '../simulate/preparation.ts';
import type { Scenario } from '../simulate/scenario.ts';
import { scenarios } from '../simulate/scenarios.ts';
import { openScene } from '../simulate/scene.ts';
import { story } from '../simulate/story.ts';

/** Left behind by its preparation, told of it, and left behind in the end. */
async function live(one: Case, preparation: Prepare) {
  const scene = await openScene(one, preparation);
  const { stage, scenario } = scene;
  try {
    const before = await endStateOf(scene);
    for (const mishap of one.mishaps) mishap.arm(stage, scenario);
    await scenario.live(stage);
    return { before, told: story(scene).split('\n'), after: await endStateOf(scene) };
  } finally {
    stage.close();
  }
}

/** A function that ran before starts faster, and what it writes may be named after its time. */
const withoutTimes = ({ told, ...rest }: Awaited<ReturnType<typeof live>>) => ({
  ...rest,
  told: told.map((line) => line.replace(/^\S+ \S+/, '').replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'then')).toSorted(),
});

/** Undisturbed, and a few whose first call of a kind goes wrong: how often a function looks again depends on times, and so may not come to a later one. */
async function someCases(scenario: Scenario): Promise<readonly Case[]> {
  const all = (await casesOf(scenario)).filter(({ id }) => /:0:[a-z-]+$/.test(id));
  return [await caseOf(scenario, []), ...all.filter((_, index) => index % Math.ceil(all.length / 6) === 1)];
}

describe('a case that begins from the calls of the nights before it', () => {
  it.each([scenarios['database-recovery'], scenarios['ordered-recovery'], scenarios['appliance-morning']])(
    'ends in the same story as one that the functions prepared: $name',
    async (scenario) => {
      for (const one of await someCases(scenario)) {
        const byFunctions = await live(one, preparedByFunctions);
        expect(withoutTimes(await live(one, preparedByCalls)), one.id).toEqual(withoutTimes(byFunctions));
      }
    },
  );
});

describe('a case that is tried again', () => {
  it('is the same to the millisecond, pauses between retries included, whatever its process has done before', async () => {
    const scenario = scenarios['database-recovery'];
    const throttled = (await casesOf(scenario)).find(({ id }) => id.endsWith(':0:throttled'));
    if (throttled === undefined) throw new Error('no call of the recovery is throttled');
    const first = await live(throttled, preparedByCalls);
    expect(first.told.filter((line) => line.includes('refused')).length).toBeGreaterThan(1);
    expect(await live(throttled, preparedByCalls)).toEqual(first);
  });
});
