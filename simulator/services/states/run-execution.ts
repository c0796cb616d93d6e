/** Takes one execution through the embedded engine, and keeps Step Functions' own limits around it. */
import type { RunOptions, StateMachine } from 'aws-local-stepfunctions';
import type { Clock } from '../../kernel/clock.ts';
import { isObject, type Json } from '../../kernel/json.ts';
import type { Caller } from '../../kernel/service.ts';
import type { Perform } from '../perform.ts';
import { statesOf } from './check-definition.ts';
import {
  type Ending,
  type ExecutionEvent,
  historyEntries,
  jsonBytes,
  MAXIMUM_HISTORY_EVENTS,
  MAXIMUM_PAYLOAD_BYTES,
} from './execution.ts';
import { dataLimitExceeded, invokeTask, TaskFault } from './invoke-task.ts';
import { TIMEOUT_PARAMETER } from './prepare-definition.ts';
import { createVisits, type Visits } from './visits.ts';

type Engine = ReturnType<StateMachine['run']>;
type EngineInput = Parameters<StateMachine['run']>[0];
type EngineEvent = Engine['eventLogs'] extends AsyncGenerator<infer Event> ? Event : never;

export interface RunParts {
  readonly clock: Clock;
  readonly perform: Perform;
  readonly caller: Caller;
  /** Virtual milliseconds from a task state's entering to its function's invocation. */
  readonly transitionMs: number;
  readonly onEvent: (event: ExecutionEvent) => void;
}

export interface RunSubject {
  readonly definition: Json;
  readonly input: unknown;
  /** `$$.Execution` */
  readonly execution: Json;
  /** `$$.StateMachine` */
  readonly stateMachine: Json;
}

export interface Run {
  /** Never rejects. */
  readonly ending: Promise<Ending>;
  /** Ends it at once; what runs goes on unheard. */
  stop(ending: Ending): void;
}

function toEvent(event: EngineEvent): ExecutionEvent {
  const failure = 'Error' in event ? { error: event.Error, cause: String(event.Cause) } : {};
  const own = { timeMs: event.timestamp, type: event.type, ...failure };
  if (!('state' in event)) return { ...own, ...('input' in event ? { input: event.input } : {}) };
  const { name, type, input, output } = event.state;
  return { ...own, state: name, stateType: type, input, ...(output === undefined ? {} : { output }) };
}

function toEnding(thrown: unknown): Ending {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  if (cause instanceof Error) return { status: 'FAILED', error: cause.name, cause: cause.message };
  return { status: 'FAILED', error: 'States.Runtime', cause: String(thrown) };
}

function limitProblem(event: ExecutionEvent, entries: number): Ending | undefined {
  if (entries > MAXIMUM_HISTORY_EVENTS) {
    const cause = `The execution reached the maximum number of history events (${MAXIMUM_HISTORY_EVENTS}).`;
    return { status: 'FAILED', error: 'States.Runtime', cause };
  }
  if (event.output === undefined || jsonBytes(event.output) <= MAXIMUM_PAYLOAD_BYTES) return undefined;
  const { name: error, message: cause } = dataLimitExceeded('state/task output');
  return { status: 'FAILED', error, cause };
}

function taskInput(input: EngineInput): unknown {
  if (!isObject(input)) return input;
  const { [TIMEOUT_PARAMETER]: _, ...own } = input;
  return own;
}

function taskHandlers(parts: RunParts, subject: RunSubject, visits: Visits, isOpen: () => boolean) {
  const tasks = statesOf(subject.definition).filter(({ state }) => state.Type === 'Task');
  const attempt = async (resource: string, containers: readonly string[], input: EngineInput) => {
    await parts.clock.sleep(parts.transitionMs);
    // The engine retries once more in a branch that it has given up; Step Functions does not.
    if (!isOpen() || !visits.areActive(containers)) throw new TaskFault('States.Aborted', 'given up', 'fatal');
    return (await invokeTask(parts.perform, parts.caller, resource, taskInput(input))) as EngineInput;
  };
  const handler = (resource: string, containers: readonly string[]) => (input: EngineInput) => {
    const work = attempt(resource, containers, input);
    // The engine forgets it when it cannot resolve the state's time limit.
    work.catch(() => {});
    return work;
  };
  return Object.fromEntries(
    tasks.map(({ name, state, containers }) => [name, handler(String(state.Resource), containers)]),
  );
}

async function follow(engine: Engine, visits: Visits, onEvent: RunParts['onEvent'], stop: Run['stop']): Promise<void> {
  let entries = 0;
  for await (const each of engine.eventLogs) {
    const event = toEvent(each);
    visits.observe(event);
    onEvent(event);
    entries += historyEntries(event);
    const problem = limitProblem(event, entries);
    if (problem) stop(problem);
  }
}

function armTimeout(clock: Clock, definition: Json, stop: Run['stop']): () => void {
  if (typeof definition.TimeoutSeconds !== 'number') return () => {};
  return clock.at(clock.nowMs() + definition.TimeoutSeconds * 1000, () =>
    stop({ status: 'TIMED_OUT', error: 'States.Timeout' }),
  );
}

function contextOf(subject: RunSubject, visits: Visits): NonNullable<RunOptions['context']> {
  const names = statesOf(subject.definition).map(({ name }) => name);
  const states = Object.fromEntries(names.map((name) => [name, visits.contextOf(name)]));
  return { Run: subject.execution, StateMachine: subject.stateMachine, Visits: states };
}

/** Starts an execution on that engine. */
export function runExecution(machine: StateMachine, parts: RunParts, subject: RunSubject): Run {
  const { promise: ending, resolve } = Promise.withResolvers<Ending>();
  const visits = createVisits(parts.clock.nowMs);
  let open = true;
  const options: RunOptions = {
    overrides: { taskResourceLocalHandlers: taskHandlers(parts, subject, visits, () => open) },
    context: contextOf(subject, visits),
    noThrowOnAbort: true,
  };
  const engine = machine.run(subject.input as EngineInput, options);
  const stop = (how: Ending): void => {
    if (!open) return;
    open = false;
    cancel();
    resolve(how);
    engine.abort();
  };
  const cancel = armTimeout(parts.clock, subject.definition, stop);
  void follow(engine, visits, parts.onEvent, stop);
  engine.result.then(
    (output) =>
      stop(
        jsonBytes(output) > MAXIMUM_PAYLOAD_BYTES
          ? toEnding(new Error('', { cause: dataLimitExceeded('execution output') }))
          : { status: 'SUCCEEDED', output: JSON.stringify(output) },
      ),
    (thrown: unknown) => stop(toEnding(thrown)),
  );
  return { ending, stop };
}
