import aslValidator from 'asl-validator';
import type { FaultName } from '#domain/faults.ts';
import { pascalCase, steps } from '#infra/function-table.ts';
import { type Definition, type NamedState, parseDefinition, type State, statesOf } from './definition.ts';
import { type Danger, withinDanger } from './way-out.ts';

const faults: Readonly<Record<FaultName, true>> = {
  TransientFault: true,
  BusyFault: true,
  InvalidRequest: true,
  TierUnderWay: true,
  QuiesceFault: true,
  ProviderFault: true,
  IntegrityFault: true,
  InvariantBroken: true,
  RunFailed: true,
};
/** https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
const ofStepFunctions = ['States.ALL', 'States.TaskFailed', 'States.Timeout', 'States.Permissions'];
/** https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html#bp-lambda-serviceexception */
const ofLambda = [
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  'Lambda.Unknown',
  'Runtime.ExitError',
  'Sandbox.Timedout',
];
const knownErrors = new Set([...Object.keys(faults), ...ofStepFunctions, ...ofLambda]);

const handlersOf = ({ state }: NamedState) => [...state.Retry, ...state.Catch];

/** What the language itself forbids, and retriers and catchers with fields that it does not document. */
export function languageProblems(deployed: unknown): readonly string[] {
  // The validator writes into what it is given.
  const { isValid, errorsText } = aslValidator(structuredClone(deployed));
  const undocumented = statesOf(parseDefinition(deployed)).flatMap((named) =>
    handlersOf(named).flatMap((handler) =>
      Object.keys(handler)
        .filter((field) => !handlerFields.has(field))
        .map((field) => `${named.name}: ${field} is no field of a retrier or catcher`),
    ),
  );
  return [...(isValid ? [] : [errorsText()]), ...undocumented];
}

const handlerFields = new Set([
  ...['ErrorEquals', 'IntervalSeconds', 'BackoffRate', 'MaxAttempts', 'MaxDelaySeconds', 'JitterStrategy'],
  ...['Next', 'ResultPath'],
]);

/** Step Functions matches names exactly, so a misspelt one never matches. */
export const errorNameProblems = (machine: Definition): readonly string[] =>
  statesOf(machine).flatMap((named) =>
    handlersOf(named)
      .flatMap(({ ErrorEquals }) => ErrorEquals)
      .filter((error) => !knownErrors.has(error))
      .map((error) => `${named.name}: nothing is called ${error}`),
  );

/** States.ALL must stand alone and last. */
export const catchAllProblems = (machine: Definition): readonly string[] =>
  statesOf(machine).flatMap(({ name, state }) =>
    [state.Retry, state.Catch].flatMap((handlers) =>
      handlers.some(({ ErrorEquals }, index) => {
        const isLast = index === handlers.length - 1 && ErrorEquals.length === 1;
        return ErrorEquals.includes('States.ALL') && !isLast;
      })
        ? [`${name}: States.ALL must stand alone and last`]
        : [],
    ),
  );

const catchesAll = ({ Catch }: State) => Catch.some(({ ErrorEquals }) => ErrorEquals.includes('States.ALL'));

/** Without a timeout a task may last a year; without a catch its failure ends the machine on the spot. */
export const taskProblems = (machine: Definition): readonly string[] =>
  statesOf(machine)
    .filter(({ state }) => state.Type === 'Task')
    .flatMap(({ name, state, around }) => [
      ...(state.TimeoutSeconds === undefined && state.TimeoutSecondsPath === undefined
        ? [`${name} has no timeout`]
        : []),
      ...([state, ...around].some(catchesAll) ? [] : [`${name} does not catch everything`]),
    ]);

/** What the engine that runs these definitions in tests would silently ignore. */
export function unsupportedProblems(deployed: unknown): readonly string[] {
  const text = JSON.stringify(deployed);
  const words = [
    '"Assign"',
    '"Arguments"',
    '"Output"',
    '"HeartbeatSeconds',
    '.waitForTaskToken',
    '$$.Task',
    'JSONata',
    '{%',
  ];
  return words.filter((word) => text.includes(word)).map((word) => `${word} is used`);
}

/** Waiting for others while a workload is held still holds it for longer. */
export const busyProblems = (machine: Definition, window: Danger): readonly string[] =>
  [...withinDanger(machine, window).keys()].flatMap((within) => {
    const inside = statesOf({ ...machine, States: only(machine.States, within) });
    return inside
      .filter(({ state }) => state.Retry.some(({ ErrorEquals }) => ErrorEquals.some((error) => alsoBusy.has(error))))
      .map(({ name }) => `${name} retries BusyFault inside the window`);
  });

const alsoBusy = new Set(['BusyFault', 'States.ALL', 'States.TaskFailed']);

const only = (states: Definition['States'], name: string) =>
  Object.fromEntries(Object.entries(states).filter(([key]) => key === name));

/** `${PlanRun}` stands for the function of a step; any other placeholder would be deployed as it is. */
export function placeholderProblems(deployed: unknown): readonly string[] {
  const known = new Set(steps.map(pascalCase));
  return [...JSON.stringify(deployed).matchAll(/\$\{(\w*)\}/g)]
    .map(([, name = '']) => name)
    .filter((name) => !known.has(name))
    .map((name) => `no step is called ${name}`);
}
