/** Whether a window has room for all that happens in it, one tier after another: by how long it took the last time. */
import { guardMs } from './cut.ts';
import { durationWords } from './duration.ts';
import { isOfInstances, reachesBackMs } from './member-kinds.ts';
import type { PlannedMember, Run, RunPlan } from './run.ts';

/** What a service tells of how long a member will take. */
export interface Expected {
  readonly kind: string;
  readonly resource: string;
  readonly tier: number;
  readonly ms: number;
  /** Words that may stand before the time: `its last backup took`. */
  readonly because: string;
}

/** In the order in which they follow one another. */
interface Part {
  readonly ms: number;
  readonly words: string;
}

/** As long as a hook may hold. */
const mostHours = 8;

/** A sentence or none: what keeps a run from beginning, or what its owner should know. */
export interface TooShort {
  readonly refusals: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Refused is what a service says will not fit, and what none of several runs would have fitted; a single run may have been a slow one (a
 * first copy is a full one), and so is a note.
 * @param last runs that were sealed, newest first
 */
export function tooShort(plan: RunPlan, expected: readonly Expected[], last: readonly Run[]): TooShort {
  const sentence = windowRefusal(plan, expected, last[0]);
  if (sentence === undefined) return { refusals: [], notes: [] };
  const isCertain = expected.length > 0 || (last.length > 1 && last.every((run) => windowRefusal(plan, [], run)));
  return isCertain ? { refusals: [sentence], notes: [] } : { refusals: [], notes: [sentence] };
}

/**
 * @param last the newest run that was sealed; what it does not tell of this plan counts for nothing, and so does what it tells of other hooks or members
 * @returns a sentence that shows the sum, when that is longer than the window; undefined of a plan without one
 */
export function windowRefusal(plan: RunPlan, expected: readonly Expected[], last?: Run): string | undefined {
  const windowMs = (plan.windowSeconds ?? Number.POSITIVE_INFINITY) * 1000;
  const parts = partsOf(plan, expected, last);
  const ms = parts.reduce((sum, part) => sum + part.ms, 0);
  if (ms <= windowMs) return undefined;
  const sum = parts.flatMap((part) => (part.ms < 1000 ? [] : [part.words])).join('; ');
  return `The window is over after ${durationWords(windowMs)}, and all that is done in it takes ${wholeMinutes(ms)} at least: ${sum}. ${whatToDo(ms)}`;
}

const wholeMinutes = (ms: number): string => durationWords(Math.ceil(ms / 60_000) * 60_000);

function whatToDo(ms: number): string {
  const hours = Math.ceil((ms * 1.25) / 3_600_000);
  return hours <= mostHours
    ? `Give the workload a longer window: ${hours}h.`
    : `No window may be longer than ${mostHours}h: make what takes long a workload of its own, or let it be less.`;
}

function partsOf(plan: RunPlan, expected: readonly Expected[], last: Run | undefined): readonly Part[] {
  const tiers = [...Map.groupBy(plan.members, ({ tier }) => tier)].toSorted(([one], [other]) => one - other);
  return [
    quiescing(plan, last),
    ...tiers.flatMap(([tier, members], index) => [
      ...(index === 0 ? [] : [waiting(tier, tiers[index - 1]?.[1] ?? [], members)]),
      taking(
        tier,
        members,
        expected.filter((each) => each.tier === tier),
        last,
      ),
    ]),
  ];
}

/** Until all is held still, if by the same hooks. */
function quiescing({ hooks }: RunPlan, last: Run | undefined): Part {
  const { intendedAt, beganAt } = last?.window ?? {};
  const kinds = (of: RunPlan['hooks'] = []) => of.map(({ kind, instanceId }) => `${kind} ${instanceId}`).join();
  const isSame = kinds(hooks) === kinds(last?.plan?.hooks);
  const ms = isSame && hooks.length > 0 ? between(intendedAt, beganAt) : 0;
  return { ms, words: `to hold it still took ${durationWords(ms)} in the last run` };
}

/** Until a tier may begin. */
function waiting(tier: number, before: readonly PlannedMember[], members: readonly PlannedMember[]): Part {
  const guard = before.every(({ kind }) => kind === 'ebs') ? 0 : guardMs;
  const ms = guard + Math.max(...members.map(({ kind }) => reachesBackMs(kind)));
  return { ms, words: `tier ${tier} begins ${durationWords(ms)} later` };
}

function taking(
  tier: number,
  members: readonly PlannedMember[],
  expected: readonly Expected[],
  last: Run | undefined,
): Part {
  const [longest] = expected.toSorted((one, other) => other.ms - one.ms);
  if (longest === undefined) {
    const ms = tookMs(tier, members, last);
    return { ms, words: `tier ${tier} took ${durationWords(ms)} in the last run` };
  }
  const { kind, resource, ms, because } = longest;
  return { ms, words: `${kind} ${resource}: ${because} ${durationWords(ms)}` };
}

/** How long the last run had to wait for what is a tier of this one, too: until the next one began, or the release; 0: it does not tell. */
function tookMs(tier: number, members: readonly PlannedMember[], last: Run | undefined): number {
  const { artifacts = [], window } = last ?? {};
  const own = artifacts.filter((artifact) => artifact.tier === tier);
  const isKnown = own.every(
    ({ kind, source }) =>
      isOfInstances(kind) || members.some((member) => member.kind === kind && member.resource === source),
  );
  if (!isKnown) return 0;
  const [next] = beginnings(artifacts.filter((artifact) => artifact.tier > tier));
  if (next === undefined) return between(beginnings(own)[0], window?.releaseSentAt);
  return Math.max(0, between(beginnings(own)[0], next) - (own.some(({ cut }) => cut !== undefined) ? guardMs : 0));
}

const beginnings = (artifacts: Run['artifacts']): readonly string[] =>
  artifacts.map(({ startedAt }) => startedAt).toSorted();

const between = (from: string | undefined, to: string | undefined): number =>
  from === undefined || to === undefined ? 0 : Math.max(0, Date.parse(to) - Date.parse(from));
