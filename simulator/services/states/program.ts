/** State machines' definitions, checked and made ready to run. */
import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import { isObject, type Json } from '../../kernel/json.ts';
import { parseDefinition } from './check-definition.ts';
import { prepareDefinition } from './prepare-definition.ts';

function isDefinition(value: Json): value is Json & StateMachineDefinition {
  return typeof value.StartAt === 'string' && isObject(value.States);
}

/** The engine for a definition. Throws on what is no valid definition. */
function engineFor(definition: Json): StateMachine {
  if (!isDefinition(definition)) throw new Error('state machine definition: StartAt and States are missing');
  new StateMachine(definition, { validationOptions: { checkArn: true, checkPaths: true } });
  const prepared = prepareDefinition(definition);
  if (!isDefinition(prepared)) throw new Error('state machine definition: lost while preparing');
  return new StateMachine(prepared, { validationOptions: { noValidate: true } });
}

/** A definition, and what runs it. */
export interface Program {
  readonly definition: Json;
  readonly engine: StateMachine;
}

const programs = new Map<string, Program>();

/**
 * What a definition's text says, once a process: checking takes a tenth of a second, many regions get the same, and an engine keeps nothing of its runs.
 * Throws on what is no valid definition, or one that the engine would run differently from Step Functions.
 */
export function programOf(text: string): Program {
  const known = programs.get(text);
  if (known) return known;
  const definition = parseDefinition(text);
  const program = { definition, engine: engineFor(definition) };
  programs.set(text, program);
  return program;
}
