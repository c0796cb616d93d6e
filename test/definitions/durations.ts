import { beginSeconds } from '#domain/begin-seconds.ts';
import { type Definition, innerOf, type State, stateOf } from './definition.ts';
import { type Danger, nextOf, withinDanger } from './way-out.ts';

type Retrier = State['Retry'][number];

/** Seconds of waiting before all attempts of a retrier are used up. */
const waitingSeconds = ({ IntervalSeconds, BackoffRate, MaxAttempts, MaxDelaySeconds = Infinity }: Retrier): number =>
  Array.from({ length: MaxAttempts }, (_, attempt) =>
    Math.min(IntervalSeconds * BackoffRate ** attempt, MaxDelaySeconds),
  ).reduce((sum, seconds) => sum + seconds, 0);

/** What plan-run says of a run whose guests are held until they are released. Others, which take the artifacts themselves, hold none. */
const planned: Readonly<Record<string, number>> = {
  '$.beginTimeoutSeconds': beginSeconds([{ kind: 'command', deadlineSeconds: 600 }]),
};

const timeoutSecondsOf = ({ TimeoutSeconds, TimeoutSecondsPath = '' }: State): number =>
  TimeoutSeconds ?? planned[TimeoutSecondsPath] ?? Infinity;

/** Of a run whose window has a length of its own, which begin-tiers keeps by the clock; the others never meet it. */
const keepsTheWindow = ({ ErrorEquals }: Retrier): boolean => ErrorEquals.includes('TierUnderWay');

/** At worst: every attempt of every retrier, each up to its timeout. One item of a Map. */
function longestSeconds(state: State): number {
  const retriers = state.Retry.filter((retrier) => !keepsTheWindow(retrier));
  const attempts = 1 + retriers.reduce((sum, { MaxAttempts }) => sum + MaxAttempts, 0);
  const waiting = retriers.reduce((sum, retrier) => sum + waitingSeconds(retrier), 0);
  const once = state.Type === 'Task' ? timeoutSecondsOf(state) : Math.max(0, ...innerOf(state).map(throughout));
  return attempts * once + waiting;
}

const throughout = (machine: Definition): number => fromHere(machine, machine.StartAt, () => true);

/** The longest way from a state along states that count; of loops it would never end, so there must be none. */
function fromHere(
  machine: Definition,
  name: string,
  counts: (name: string) => boolean,
  path: readonly string[] = [],
): number {
  if (!counts(name)) return 0;
  if (path.includes(name)) return Infinity;
  const state = stateOf(machine, name);
  const onwards = nextOf(state).map((next) => fromHere(machine, next, counts, [...path, name]));
  return longestSeconds(state) + Math.max(0, ...onwards);
}

/** Longest time between the success of `danger.from` and the beginning of what ends the danger. */
export function secondsInDanger(machine: Definition, danger: Danger): number {
  const within = withinDanger(machine, danger);
  const after = nextOf(stateOf(machine, danger.from));
  return Math.max(0, ...after.map((next) => fromHere(machine, next, (name) => within.has(name))));
}
