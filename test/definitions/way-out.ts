import { type Definition, type State, stateOf } from './definition.ts';

/** Where a state goes when it succeeds, and when it fails and catches it. */
export const nextOf = ({ Next, Default, Choices }: State): readonly string[] =>
  [Next, Default, ...Choices.map((choice) => choice.Next)].filter((name) => name !== undefined);
const caughtBy = (state: State): readonly string[] => state.Catch.map(({ Next }) => Next);

export interface Danger {
  /** From here on no end may be reached … */
  readonly from: string;
  /** … but through one of these, */
  readonly through: readonly string[];
  /** or after these have succeeded. */
  readonly over?: readonly string[];
}

/**
 * States that may run between `from` and what ends the danger, `from` itself first. A state that can end there has `undefined`
 * among its ways.
 */
export function withinDanger(
  machine: Definition,
  { from, through, over = [] }: Danger,
): ReadonlyMap<string, readonly string[]> {
  const paths = new Map<string, readonly string[]>([[from, [from]]]);
  for (const [name, path] of paths) {
    const state = stateOf(machine, name);
    const ways = over.includes(name) ? caughtBy(state) : [...nextOf(state), ...caughtBy(state)];
    for (const way of ways) if (!through.includes(way) && !paths.has(way)) paths.set(way, [...path, way]);
  }
  return paths;
}

/** Paths on which the machine ends while the danger lasts. */
export function wayOutProblems(machine: Definition, danger: Danger): readonly string[] {
  const within = withinDanger(machine, danger);
  return [...within].flatMap(([name, path]) => {
    const state = stateOf(machine, name);
    const ends = nextOf(state).length === 0 && !(danger.over ?? []).includes(name);
    return ends ? [`${path.join(' > ')} ends without ${danger.through.join(' or ')}`] : [];
  });
}
