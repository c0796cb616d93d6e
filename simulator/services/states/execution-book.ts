/** All executions of a region, and the rules for their names. */
import { arn } from '../../iam/arn.ts';
import { ApiError, type Kernel } from '../../kernel/service.ts';
import type { Ending, Execution, ExecutionEvent, ExecutionStatus } from './execution.ts';

/** An execution's name is free again 90 days after its end (Step Functions API Reference, StartExecution). */
const NAME_KEPT_MS = 90 * 86_400_000;

/** The entry behind an Execution, changed while it runs. */
export interface OpenExecution extends Execution {
  status: ExecutionStatus;
  stopMs?: number;
  output?: string;
  error?: string;
  cause?: string;
  readonly events: ExecutionEvent[];
}

export interface ExecutionBook {
  /**
   * Opens an execution. Returns the running one of the same name and input.
   * @throws ApiError ExecutionAlreadyExists
   */
  open(machine: string, name: string, input: string): { readonly execution: OpenExecution; readonly existed: boolean };
  close(execution: OpenExecution, ending: Ending): void;
  /** @throws ApiError ExecutionDoesNotExist */
  get(executionArn: string): OpenExecution;
  /** Newest first. */
  of(machineArn?: string): readonly OpenExecution[];
}

export function machineArnOf(kernel: Kernel, machine: string): string {
  return arn(kernel, 'states', `stateMachine:${machine}`);
}

function sameInput(left: string, right: string): boolean {
  return JSON.stringify(JSON.parse(left)) === JSON.stringify(JSON.parse(right));
}

/** No executions yet. */
export function createExecutionBook(kernel: Kernel): ExecutionBook {
  const byArn = new Map<string, OpenExecution>();
  const story: OpenExecution[] = [];
  const { clock } = kernel;
  return {
    open(machine, name, input) {
      const executionArn = arn(kernel, 'states', `execution:${machine}:${name}`);
      const known = byArn.get(executionArn);
      if (known?.status === 'RUNNING' && sameInput(known.input, input)) return { execution: known, existed: true };
      if (known && clock.nowMs() < (known.stopMs ?? Number.POSITIVE_INFINITY) + NAME_KEPT_MS) {
        throw new ApiError('ExecutionAlreadyExists', `Execution Already Exists: '${executionArn}'`);
      }
      const machineArn = machineArnOf(kernel, machine);
      const execution: OpenExecution = {
        ...{ arn: executionArn, name, machineArn, input, startMs: clock.nowMs() },
        ...{ events: [], status: 'RUNNING' },
      };
      byArn.set(executionArn, execution);
      story.unshift(execution);
      return { execution, existed: false };
    },
    close(execution, ending) {
      execution.status = ending.status;
      execution.stopMs = clock.nowMs();
      if (ending.status === 'SUCCEEDED') execution.output = ending.output;
      else {
        if (ending.error !== undefined) execution.error = ending.error;
        if (ending.cause !== undefined) execution.cause = ending.cause;
      }
    },
    get(executionArn) {
      const found = byArn.get(executionArn);
      if (!found) throw new ApiError('ExecutionDoesNotExist', `Execution Does Not Exist: '${executionArn}'`);
      return found;
    },
    of: (machineArn) => (machineArn ? story.filter((each) => each.machineArn === machineArn) : story),
  };
}
