import { z } from 'zod';
import type { MachineName } from '#infra/function-table.ts';
import { definitionText } from '#infra/state-machines.ts';

const retrier = z.looseObject({
  ErrorEquals: z.array(z.string()),
  IntervalSeconds: z.number().default(1),
  BackoffRate: z.number().default(2),
  MaxAttempts: z.number().default(3),
  MaxDelaySeconds: z.number().optional(),
});
const catcher = z.looseObject({ ErrorEquals: z.array(z.string()), Next: z.string() });

const state = z.looseObject({
  Type: z.string(),
  Next: z.string().optional(),
  Default: z.string().optional(),
  Choices: z.array(z.looseObject({ Next: z.string() })).default([]),
  Retry: z.array(retrier).default([]),
  Catch: z.array(catcher).default([]),
  TimeoutSeconds: z.number().optional(),
  TimeoutSecondsPath: z.string().optional(),
  get ItemProcessor() {
    return definition.optional();
  },
  get Branches() {
    return z.array(definition).default([]);
  },
});

const definition = z.looseObject({
  StartAt: z.string(),
  get States() {
    return z.record(z.string(), state);
  },
});

/** A state machine, or what runs inside a Map or Parallel state; defaults of the language filled in. */
export type Definition = z.infer<typeof definition>;
export type State = z.infer<typeof state>;

/** The definition as it is deployed, before defaults. */
export const deployed = (machine: MachineName): unknown => JSON.parse(definitionText(machine));

export const parseDefinition = (input: unknown): Definition => definition.parse(input);

export interface NamedState {
  readonly name: string;
  readonly state: State;
  /** The Map and Parallel states around it, outermost first. */
  readonly around: readonly State[];
}

/** Every state, also those inside Map and Parallel states. */
export const statesOf = (machine: Definition, around: readonly State[] = []): readonly NamedState[] =>
  Object.entries(machine.States).flatMap(([name, state]) => [
    { name, state, around },
    ...innerOf(state).flatMap((inner) => statesOf(inner, [...around, state])),
  ]);

export const innerOf = ({ ItemProcessor, Branches }: State): readonly Definition[] => [
  ...(ItemProcessor === undefined ? [] : [ItemProcessor]),
  ...Branches,
];

export function stateOf(machine: Definition, name: string): State {
  const found = machine.States[name];
  if (found === undefined) throw new Error(`There is no state ${name}.`);
  return found;
}
