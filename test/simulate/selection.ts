/** Which of all cases a test run takes on: every place, with some of what can happen there; the rest is for `npm run simulate`. */
import { type Case, casesOf } from './cases.ts';
import type { Scenario } from './scenarios.ts';

/**
 * Takes one of `share` of a group's cases. They are ordered by place, then by what happens there; a step that is not a divisor of
 * the number of things that can happen (4 or 8) meets all of them at one place or another.
 */
export const everyNth = (cases: readonly Case[], share: number): readonly Case[] =>
  cases.filter((_, index) => index % share === 0);

/** `HOLDFAST_FAULTS=all` takes all of them. */
export async function selected(scenario: Scenario, group: string, share: number): Promise<readonly Case[]> {
  const ofGroup = (await casesOf(scenario)).filter((each) => each.group === group);
  return process.env.HOLDFAST_FAULTS === 'all' ? ofGroup : everyNth(ofGroup, share);
}
