/**
 * Refuses definitions that the embedded engine would run differently from Step Functions, most of them by silently
 * ignoring something. Each rule names what it saw. What is no valid definition at all, the engine itself refuses.
 */

import { isObject, type Json } from '../../kernel/json.ts';

/** One state with its name and the Parallel and Map states around it, outermost first. */
export interface NamedState {
  readonly name: string;
  readonly state: Json;
  readonly containers: readonly string[];
}

/** Every state of a definition, also those inside Parallel branches and Map processors. */
export function statesOf(machine: Json, containers: readonly string[] = []): readonly NamedState[] {
  const states = isObject(machine.States) ? Object.entries(machine.States) : [];
  return states.flatMap(([name, state]) => {
    if (!isObject(state)) return [];
    const inner = [...(Array.isArray(state.Branches) ? state.Branches : []), state.ItemProcessor, state.Iterator];
    const nested = inner.filter(isObject).flatMap((each) => statesOf(each, [...containers, name]));
    return [{ name, state, containers }, ...nested];
  });
}

/** Fields that the engine ignores, or that need what is not simulated. */
const UNSUPPORTED_FIELDS = [
  ...['QueryLanguage', 'Assign', 'Arguments', 'Output', 'Items', 'Condition', 'Credentials'],
  ...['HeartbeatSeconds', 'HeartbeatSecondsPath', 'ItemReader', 'ItemBatcher', 'ResultWriter', 'Label'],
  ...['ToleratedFailureCount', 'ToleratedFailurePercentage'],
  ...['ToleratedFailureCountPath', 'ToleratedFailurePercentagePath'],
];

/** setTimeout's limit: longer waits would end at once. */
const LONGEST_WAIT_SECONDS = 2_147_483;
const MAXIMUM_DEFINITION_BYTES = 1_048_576;

function fieldProblems({ name, state }: NamedState): readonly string[] {
  return UNSUPPORTED_FIELDS.filter((field) => {
    if (field === 'QueryLanguage') return field in state && state[field] !== 'JSONPath';
    return field in state;
  }).map((field) => `${name}: ${field} is not simulated`);
}

function taskProblems({ name, state }: NamedState): readonly string[] {
  if (state.Type !== 'Task') return [];
  const resource = String(state.Resource);
  const known = resource === 'arn:aws:states:::lambda:invoke' || /^arn:aws:lambda:[^:]+:\d+:function:/.test(resource);
  return known ? [] : [`${name}: resource ${resource} is not simulated`];
}

function shapeProblems({ name, state }: NamedState): readonly string[] {
  const problems: string[] = [];
  if (state.Type === 'Pass' && 'Result' in state && !state.Result) problems.push('a falsy Result');
  if (Number(state.Seconds ?? 0) > LONGEST_WAIT_SECONDS) problems.push(`Seconds above ${LONGEST_WAIT_SECONDS}`);
  const processor = isObject(state.ItemProcessor) ? state.ItemProcessor : {};
  const config = isObject(processor.ProcessorConfig) ? processor.ProcessorConfig : {};
  if (config.Mode === 'DISTRIBUTED') problems.push('a Distributed Map');
  return problems.map((problem) => `${name}: ${problem} is not simulated`);
}

/** Step Functions returns lists for these paths; the engine unwraps a list of one, and has nothing for an empty one. */
const INDEFINITE_PATH = /\$[^'"\s,)]*(\.\.|\[\*\]|\.\*|\[\?\(|\[-?\d*:-?\d*\])/;

function pathProblems({ name, state }: NamedState): readonly string[] {
  const own = Object.fromEntries(
    Object.entries(state).filter(([key]) => !['Branches', 'ItemProcessor', 'Iterator'].includes(key)),
  );
  const text = JSON.stringify(own);
  const problems: string[] = [];
  if (INDEFINITE_PATH.test(text)) problems.push(`an indefinite path (${INDEFINITE_PATH.exec(text)?.[0]})`);
  if (text.includes('$$.Task')) problems.push('a task token');
  if (/"\$\$"/.test(text)) problems.push('the whole context object');
  return problems.map((problem) => `${name}: ${problem} is not simulated`);
}

/** States.ALL must stand alone and last (Step Functions Developer Guide, "Handling errors"); asl-validator does not look. */
function catchAllProblems({ name, state }: NamedState): readonly string[] {
  return ['Retry', 'Catch'].flatMap((field) => {
    const list: readonly unknown[] = Array.isArray(state[field]) ? state[field] : [];
    return list.flatMap((each, index) => {
      const errors: readonly unknown[] = isObject(each) && Array.isArray(each.ErrorEquals) ? each.ErrorEquals : [];
      const fine = !errors.includes('States.ALL') || (errors.length === 1 && index === list.length - 1);
      return fine ? [] : [`${name}: States.ALL must stand alone in the last ${field}`];
    });
  });
}

function duplicateProblems(states: readonly NamedState[]): readonly string[] {
  const seen = new Set<string>();
  return states.flatMap(({ name }) => (seen.size < seen.add(name).size ? [] : [`${name}: state names must be unique`]));
}

/** Parses a definition and checks it against the engine's gaps. Throws an error that lists every problem. */
export function parseDefinition(text: string): Json {
  if (Buffer.byteLength(text) > MAXIMUM_DEFINITION_BYTES) throw new Error('definition larger than 1 MB');
  const definition: unknown = JSON.parse(text);
  if (!isObject(definition)) throw new Error('definition is not an object');
  const root: NamedState = { name: 'state machine', state: definition, containers: [] };
  const states = statesOf(definition);
  const checks = [fieldProblems, taskProblems, shapeProblems, pathProblems, catchAllProblems];
  const own = [...fieldProblems(root), ...states.flatMap((state) => checks.flatMap((check) => check(state)))];
  const problems = [...own, ...duplicateProblems(states)];
  if (problems.length > 0) throw new Error(`state machine definition:\n${problems.join('\n')}`);
  return definition;
}
