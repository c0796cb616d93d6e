/** Step Functions, as far as the functions use it. */
import { asFault, codeOf } from './aws-errors.ts';
import { sfn } from './clients/sfn.ts';

/**
 * Starts an execution by name. The name makes it happen once: while it runs, the same name and input is the same execution.
 * @returns `closed` when one of that name has already ended (the name stays taken for 90 days)
 */
export async function startExecution(machineArn: string, name: string, input: unknown): Promise<'started' | 'closed'> {
  try {
    await sfn().startExecution({ stateMachineArn: machineArn, name, input: JSON.stringify(input) });
    return 'started';
  } catch (error) {
    if (codeOf(error) === 'ExecutionAlreadyExists') return 'closed';
    throw asFault(error, `starting the execution ${name}`);
  }
}

/** Whether the execution is running, has ended, or never was. */
export async function executionState(machineArn: string, name: string): Promise<'running' | 'ended' | 'missing'> {
  try {
    const { status } = await sfn().describeExecution({ executionArn: executionArn(machineArn, name) });
    return status === 'RUNNING' || status === 'PENDING_REDRIVE' ? 'running' : 'ended';
  } catch (error) {
    if (codeOf(error) === 'ExecutionDoesNotExist') return 'missing';
    throw asFault(error, `asking for the execution ${name}`);
  }
}

/** `…:stateMachine:protect` and a name make `…:execution:protect:name`. */
export const executionArn = (machineArn: string, name: string): string =>
  `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`;
