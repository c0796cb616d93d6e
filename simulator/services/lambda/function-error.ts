import { types } from 'node:util';
import type { FunctionError } from './function-settings.ts';

function isError(value: unknown): value is Error {
  return types.isNativeError(value) || value instanceof Error;
}

/**
 * What Lambda's Node.js runtime client keeps of a thrown value: name, message and stack of an error, nothing of its other
 * fields. Source: aws/aws-lambda-nodejs-runtime-interface-client, `toRapidResponse`.
 */
export function functionError(thrown: unknown): FunctionError {
  if (!isError(thrown)) return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  return { errorType: thrown.name, errorMessage: thrown.message, trace: (thrown.stack ?? '').split('\n') };
}

/** Source: Lambda Developer Guide, "Troubleshoot invocation issues in Lambda" (Sandbox.Timedout). */
export function timedOut(requestId: string, timeoutSeconds: number): FunctionError {
  return {
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`,
  };
}

/** The sandbox's process ended by itself: out of memory, `process.exit`, or a crash on purpose. */
export function exited(requestId: string): FunctionError {
  return {
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`,
  };
}

/** A synchronous answer may be 6 MB (Lambda Developer Guide, "Lambda quotas"). */
export function tooLarge(bytes: number): FunctionError {
  return {
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size (${bytes} bytes) exceeded maximum allowed payload size (6291556 bytes).`,
  };
}
