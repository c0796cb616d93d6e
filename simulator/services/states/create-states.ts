/** Simulated AWS Step Functions: standard workflows in JSONPath, run by an embedded engine in virtual time. */
import type {
  DescribeExecutionCommandInput,
  DescribeStateMachineCommandInput,
  DescribeStateMachineCommandOutput,
  GetExecutionHistoryCommandInput,
  ListExecutionsCommandInput,
  ListExecutionsCommandOutput,
  StartExecutionCommandInput,
  StartExecutionCommandOutput,
  StopExecutionCommandInput,
} from '@aws-sdk/client-sfn';
import { arn } from '../../iam/arn.ts';
import { type Access, ApiError, type Kernel, type Service } from '../../kernel/service.ts';
import { uuid } from '../lambda/function-registry.ts';
import { pageOf } from '../pages.ts';
import type { Perform, RecordMetric } from '../perform.ts';
import { type Ending, type Execution, MAXIMUM_PAYLOAD_BYTES } from './execution.ts';
import { createExecutionBook, type ExecutionBook, machineArnOf, type OpenExecution } from './execution-book.ts';
import { checkExecutionName } from './execution-name.ts';
import { asShown, describeExecution, executionHistory, listItem } from './execution-output.ts';
import { type Program, programOf } from './program.ts';
import { type Run, runExecution } from './run-execution.ts';
import { statesBuckets } from './states-buckets.ts';
import { statusEvent } from './status-event.ts';

export interface StatesParts {
  readonly perform: Perform;
  readonly recordMetric: RecordMetric;
  /** Virtual milliseconds from entering a Task state to invoking its function. Default 20. */
  readonly transitionMs?: number;
}

export interface MachineSettings {
  readonly name: string;
  readonly roleArn: string;
  /** Amazon States Language as JSON, all substitutions made. */
  readonly definition: string;
}

export interface States extends Service {
  /**
   * Creates or replaces a state machine; executions under way keep their definition.
   * @throws Error listing what is invalid in the definition, or would be run differently by AWS.
   */
  deploy(settings: MachineSettings): void;
  remove(name: string): void;
  /** Executions of a machine by its name (all without one), newest first. */
  executions(machineName?: string): readonly Execution[];
  readonly arrange: {
    /** The execution's time limit is reached now: it ends as TIMED_OUT, and no Catch runs. Nothing when it has ended. */
    timeOut(executionArn: string): void;
  };
}

interface Machine extends Program {
  readonly settings: MachineSettings;
  readonly createdMs: number;
}

/** What the functions of this file work on. */
interface Books {
  readonly kernel: Kernel;
  readonly parts: StatesParts;
  readonly machines: Map<string, Machine>;
  readonly executions: ExecutionBook;
  readonly runs: Map<string, Run>;
  readonly newName: () => string;
}

const DEFAULT_TRANSITION_MS = 20;
const METRICS = {
  SUCCEEDED: 'ExecutionsSucceeded',
  FAILED: 'ExecutionsFailed',
  TIMED_OUT: 'ExecutionsTimedOut',
  ABORTED: 'ExecutionsAborted',
};

function machineOf(books: Books, machineArn: string | undefined): Machine {
  const machine = books.machines.get(machineArn?.split(':')[6] ?? '');
  if (machine) return machine;
  throw new ApiError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${machineArn}'`);
}

function checkInput(input: string): unknown {
  if (Buffer.byteLength(input) > MAXIMUM_PAYLOAD_BYTES) {
    throw new ApiError(
      'ValidationException',
      `1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to ${MAXIMUM_PAYLOAD_BYTES}`,
    );
  }
  try {
    return JSON.parse(input);
  } catch {
    throw new ApiError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${input}'`);
  }
}

function begin(books: Books, machine: Machine, execution: OpenExecution, input: unknown): Run {
  const { clock } = books.kernel;
  const { roleArn, name } = machine.settings;
  const startTime = new Date(execution.startMs).toISOString();
  return runExecution(
    machine.engine,
    {
      clock,
      perform: books.parts.perform,
      caller: { kind: 'role', arn: roleArn, name: `state-machine:${name}` },
      transitionMs: books.parts.transitionMs ?? DEFAULT_TRANSITION_MS,
      onEvent: (event) => void execution.events.push(event),
    },
    {
      definition: machine.definition,
      input,
      execution: { Id: execution.arn, Name: execution.name, Input: input, RoleArn: roleArn, StartTime: startTime },
      stateMachine: { Id: execution.machineArn, Name: name },
    },
  );
}

function finish(books: Books, execution: OpenExecution, ending: Ending): void {
  const { kernel, parts } = books;
  books.runs.delete(execution.arn);
  books.executions.close(execution, ending);
  const dimensions = { StateMachineArn: execution.machineArn };
  parts.recordMetric('AWS/States', METRICS[ending.status], dimensions, 1);
  parts.recordMetric('AWS/States', 'ExecutionTime', dimensions, kernel.clock.nowMs() - execution.startMs);
  kernel.emit(statusEvent(execution));
}

function startExecution(
  books: Books,
  request: StartExecutionCommandInput,
): Omit<StartExecutionCommandOutput, '$metadata'> {
  const machine = machineOf(books, request.stateMachineArn);
  const name = request.name ?? books.newName();
  checkExecutionName(name);
  const text = request.input ?? '{}';
  const input = checkInput(text);
  const { execution, existed } = books.executions.open(machine.settings.name, name, text);
  const reply = { executionArn: execution.arn, startDate: new Date(execution.startMs) };
  if (existed) return reply;
  books.parts.recordMetric('AWS/States', 'ExecutionsStarted', { StateMachineArn: execution.machineArn }, 1);
  books.kernel.emit(statusEvent(execution));
  const run = begin(books, machine, execution, input);
  books.runs.set(execution.arn, run);
  void run.ending.then((ending) => finish(books, execution, ending));
  return reply;
}

async function stopExecution(books: Books, request: StopExecutionCommandInput) {
  const execution = books.executions.get(request.executionArn ?? '');
  const { error, cause } = request;
  const run = books.runs.get(execution.arn);
  run?.stop({ status: 'ABORTED', ...(error ? { error } : {}), ...(cause ? { cause } : {}) });
  await run?.ending;
  return { stopDate: new Date(execution.stopMs ?? books.kernel.clock.nowMs()) };
}

function listExecutions(
  books: Books,
  request: ListExecutionsCommandInput,
): Omit<ListExecutionsCommandOutput, '$metadata'> {
  const { settings } = machineOf(books, request.stateMachineArn);
  const found = books.executions
    .of(machineArnOf(books.kernel, settings.name))
    .map((execution) => asShown(execution, books.kernel.clock.nowMs()))
    .filter(({ status }) => (request.statusFilter ?? status) === status);
  const page = pageOf(found, request.nextToken, request.maxResults || 100);
  return { executions: page.items.map(listItem), nextToken: page.next };
}

function describeStateMachine(
  books: Books,
  request: DescribeStateMachineCommandInput,
): Omit<DescribeStateMachineCommandOutput, '$metadata'> {
  const { settings, createdMs } = machineOf(books, request.stateMachineArn);
  const { name, definition, roleArn } = settings;
  const stateMachineArn = machineArnOf(books.kernel, name);
  return {
    stateMachineArn,
    name,
    definition,
    roleArn,
    status: 'ACTIVE',
    type: 'STANDARD',
    creationDate: new Date(createdMs),
  };
}

function access(operation: string, input: unknown): readonly Access[] {
  const { stateMachineArn, executionArn } = input as {
    readonly stateMachineArn?: string;
    readonly executionArn?: string;
  };
  return [{ action: `states:${operation}`, resource: executionArn ?? stateMachineArn ?? '*' }];
}

function deploy(books: Books, settings: MachineSettings): void {
  const createdMs = books.kernel.clock.nowMs();
  books.machines.set(settings.name, { settings, ...programOf(settings.definition), createdMs });
}

/** A Step Functions without state machines. */
export function createStates(kernel: Kernel, parts: StatesParts): States {
  const random = kernel.random.fork('states');
  const executions = createExecutionBook(kernel);
  const books: Books = { kernel, parts, machines: new Map(), executions, runs: new Map(), newName: () => uuid(random) };
  return {
    name: 'states',
    client: () => import('@aws-sdk/client-sfn'),
    operations: {
      StartExecution: (input: StartExecutionCommandInput) => startExecution(books, input),
      StopExecution: (input: StopExecutionCommandInput) => stopExecution(books, input),
      DescribeExecution: (input: DescribeExecutionCommandInput) =>
        describeExecution(asShown(executions.get(input.executionArn ?? ''), kernel.clock.nowMs())),
      GetExecutionHistory: (input: GetExecutionHistoryCommandInput) =>
        executionHistory(executions.get(input.executionArn ?? ''), input),
      ListExecutions: (input: ListExecutionsCommandInput) => listExecutions(books, input),
      DescribeStateMachine: (input: DescribeStateMachineCommandInput) => describeStateMachine(books, input),
    },
    access,
    buckets: statesBuckets,
    deploy: (settings) => deploy(books, settings),
    remove: (name) => void books.machines.delete(name),
    executions: (machine) => executions.of(machine && arn(kernel, 'states', `stateMachine:${machine}`)),
    arrange: {
      timeOut: (executionArn) => books.runs.get(executionArn)?.stop({ status: 'TIMED_OUT', error: 'States.Timeout' }),
    },
  };
}
