/**
 * Rewrites a checked definition where the embedded engine departs from Step Functions: paths into the context object,
 * task time limits, `ResultPath: $`. The meaning stays.
 */
import { isObject, type Json } from '../../kernel/json.ts';

/** The engine's own default is 60 seconds; Step Functions has practically none. setTimeout takes no longer delay. */
const NO_LIMIT_SECONDS = 2_147_483;

function rewritePath(path: string, state: string): string {
  // The engine rebuilds $$.Execution for every branch, and knows no $$.State.
  return path
    .replaceAll(/\$\$\.Execution\b/g, '$$$$.Run')
    .replaceAll(/\$\$\.State\b/g, `$$$$.Visits['${state.replaceAll("'", "\\'")}']`);
}

function holdsPath(key: string): boolean {
  return key.endsWith('.$') || key.endsWith('Path') || key === 'Variable';
}

function rewrite(value: unknown, key: string, state: string): unknown {
  if (typeof value === 'string') return holdsPath(key) ? rewritePath(value, state) : value;
  if (Array.isArray(value)) return value.map((each: unknown) => rewrite(each, key, state));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([inner, each]) => [inner, rewrite(each, inner, state)]));
}

/** The parameter that carries a TimeoutSecondsPath's value; taken out again before the task sees its input. */
export const TIMEOUT_PARAMETER = 'simulatorTimeoutSeconds';

/** The engine looks TimeoutSecondsPath up in what Parameters made, Step Functions in the state's own input. */
function withLimitFromInput(state: Json): Json {
  if (!isObject(state.Parameters)) return state;
  const parameters = { ...state.Parameters, [`${TIMEOUT_PARAMETER}.$`]: state.TimeoutSecondsPath };
  return { ...state, Parameters: parameters, TimeoutSecondsPath: `$.${TIMEOUT_PARAMETER}` };
}

function withLimit(state: Json): Json {
  if (state.Type !== 'Task') return state;
  if ('TimeoutSecondsPath' in state) return withLimitFromInput(state);
  return { ...state, TimeoutSeconds: Math.min(Number(state.TimeoutSeconds ?? NO_LIMIT_SECONDS), NO_LIMIT_SECONDS) };
}

/** `$` replaces the input by the result, which is what the engine does when nothing is said. */
function withoutRootResultPath(state: Json): Json {
  const { Catch: catchers, ResultPath: resultPath, ...rest } = state;
  const kept = resultPath === '$' || resultPath === undefined ? {} : { ResultPath: resultPath };
  return Array.isArray(catchers)
    ? { ...rest, ...kept, Catch: catchers.filter(isObject).map(withoutRootResultPath) }
    : { ...rest, ...kept };
}

function prepareState(name: string, state: Json): Json {
  const { Branches: branches, ItemProcessor: processor, Iterator: iterator, ...own } = state;
  const rewritten = rewrite(withLimit(withoutRootResultPath(own)), '', name);
  return {
    ...(isObject(rewritten) ? rewritten : {}),
    ...(Array.isArray(branches) ? { Branches: branches.filter(isObject).map(prepareStates) } : {}),
    ...(isObject(processor) ? { ItemProcessor: prepareStates(processor) } : {}),
    ...(isObject(iterator) ? { Iterator: prepareStates(iterator) } : {}),
  };
}

function prepareStates(machine: Json): Json {
  const states = Object.entries(isObject(machine.States) ? machine.States : {});
  const prepared = states.map(([name, state]) => [name, isObject(state) ? prepareState(name, state) : state]);
  return { ...machine, States: Object.fromEntries(prepared) };
}

/** The definition as the engine runs it. The machine's own TimeoutSeconds is taken out: the execution keeps its time. */
export function prepareDefinition(definition: Json): Json {
  const { TimeoutSeconds: _, ...rest } = prepareStates(definition);
  return rest;
}
