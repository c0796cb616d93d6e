/** Task states: what Step Functions does to invoke a function, and how it names what comes back. */

import { isObject, type Json } from '../../kernel/json.ts';
import { ApiError, type Caller } from '../../kernel/service.ts';
import type { Perform } from '../perform.ts';
import { jsonBytes, MAXIMUM_PAYLOAD_BYTES } from './execution.ts';

/** A failed task, as Retry and Catch see it: an exact name, and a cause that is text. */
export class TaskFault extends Error {
  override readonly name: string;
  readonly isRetryable: boolean;
  readonly isCatchable: boolean;
  constructor(name: string, cause: string, handling: 'normal' | 'fatal' = 'normal') {
    super(cause);
    this.name = name;
    this.isRetryable = handling === 'normal';
    this.isCatchable = handling === 'normal';
  }
}

/** States.ALL does not catch it (Step Functions Developer Guide, "Handling errors in Step Functions workflows"). */
export function dataLimitExceeded(what: string): TaskFault {
  const cause = `The ${what} size exceeded the maximum number of characters service limit.`;
  return new TaskFault('States.DataLimitExceeded', cause, 'fatal');
}

function checkSize(value: unknown, what: string): void {
  if (jsonBytes(value) > MAXIMUM_PAYLOAD_BYTES) throw dataLimitExceeded(what);
}

/** The names of Lambda's own API errors in a state machine (same guide, "Lambda service exceptions"). */
const LAMBDA_ERRORS: Readonly<Record<string, string>> = {
  TooManyRequestsException: 'Lambda.TooManyRequestsException',
  ServiceException: 'Lambda.ServiceException',
  ServiceUnavailable: 'Lambda.ServiceException',
  InternalFailure: 'Lambda.ServiceException',
  ResourceNotFoundException: 'Lambda.ResourceNotFoundException',
  ConnectionReset: 'Lambda.SdkClientException',
};

function invocationRefused(thrown: unknown): TaskFault {
  if (!(thrown instanceof ApiError)) throw thrown;
  const cause = `${thrown.message} (Service: Lambda, Status Code: ${thrown.status}, Error Code: ${thrown.name})`;
  return new TaskFault(LAMBDA_ERRORS[thrown.name] ?? 'Lambda.AWSLambdaException', cause);
}

interface Invocation {
  readonly functionName: string;
  readonly payload: unknown;
  readonly input: Json;
  /** Whether the result comes wrapped in the API's answer. */
  readonly wrapped: boolean;
}

function readInvocation(resource: string, input: unknown): Invocation {
  if (resource !== 'arn:aws:states:::lambda:invoke') {
    return { functionName: resource, payload: input, input: {}, wrapped: false };
  }
  const { FunctionName: name, Payload: payload, ...rest } = isObject(input) ? input : {};
  if (typeof name !== 'string') throw new TaskFault('States.Runtime', 'FunctionName is missing', 'fatal');
  return { functionName: name, payload: payload ?? {}, input: rest, wrapped: true };
}

function parse(payload: unknown): unknown {
  return payload instanceof Uint8Array && payload.length > 0 ? JSON.parse(Buffer.from(payload).toString()) : null;
}

async function invoke(perform: Perform, caller: Caller, invocation: Invocation): Promise<Json> {
  const bytes = new Uint8Array(Buffer.from(JSON.stringify(invocation.payload)));
  const input = { ...invocation.input, FunctionName: invocation.functionName, Payload: bytes };
  try {
    const reply = await perform({ caller, service: 'lambda', operation: 'Invoke', input });
    return isObject(reply) ? reply : {};
  } catch (thrown) {
    throw invocationRefused(thrown);
  }
}

/**
 * Invokes the function of a Task state as the machine's role.
 * @returns the state's raw result: the function's own for a function ARN, the API's answer for `lambda:invoke`.
 * @throws TaskFault
 */
export async function invokeTask(perform: Perform, caller: Caller, resource: string, input: unknown): Promise<unknown> {
  checkSize(input, 'state/task input');
  const invocation = readInvocation(resource, input);
  const reply = await invoke(perform, caller, invocation);
  const payload = parse(reply.Payload);
  if (reply.FunctionError) {
    const name = isObject(payload) ? String(payload.errorType) : 'Lambda.Unknown';
    throw new TaskFault(name, JSON.stringify(payload));
  }
  checkSize(payload, 'state/task output');
  return invocation.wrapped
    ? { ExecutedVersion: '$LATEST', StatusCode: reply.StatusCode ?? 200, Payload: payload }
    : payload;
}
