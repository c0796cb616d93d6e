/** Pairs of mishaps, drawn by seed: two things that go wrong in one night, or in one recovery. */
import { type Random, seededRandom } from '#simulator/kernel/random.ts';
import { type Case, caseOf, mishapsOf } from './cases.ts';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios.ts';

/** @param nights cases a seed */
export async function pairsOf(seed: number, nights: number): Promise<readonly Case[]> {
  const random = seededRandom(seed);
  const cases: Case[] = [];
  for (let night = 0; night < nights; night += 1) {
    const scenario = oneOf<Scenario>(random, Object.values(scenarios));
    const known = await mishapsOf(scenario);
    cases.push(await caseOf(scenario, [oneOf(random, known), oneOf(random, known)], seed));
  }
  return cases;
}

export function oneOf<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[Math.floor(random.next() * items.length)];
  if (item === undefined) throw new Error('There is nothing to draw from.');
  return item;
}
