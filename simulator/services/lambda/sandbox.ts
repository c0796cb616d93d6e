/** One function's execution environments: cold and warm starts, time limits, crashes, and what it writes. */
import type { Clock } from '../../kernel/clock.ts';
import { exited, functionError, timedOut, tooLarge } from './function-error.ts';
import type { FunctionError, FunctionSettings, InvocationResult, LambdaTimings } from './function-settings.ts';
import { type InvocationScope, runInScope } from './invocation-scope.ts';
import type { Handler, LoadedHandler } from './load-handler.ts';

export interface LogLine {
  /** Virtual time, epoch milliseconds. */
  readonly timeMs: number;
  readonly requestId: string;
  readonly text: string;
}

export interface ComingCrash {
  /** AWS calls that the invocation survives. */
  readonly afterCalls: number;
  /** Called when it happens. */
  readonly onCrash: () => void;
}

export interface SandboxParts extends LoadedHandler {
  readonly clock: Clock;
  readonly timings: LambdaTimings;
  readonly settings: FunctionSettings;
  readonly newRequestId: () => string;
  /** The crash planned for this invocation, if any. */
  readonly takeCrash: () => ComingCrash | undefined;
  readonly onLine: (line: LogLine) => void;
  readonly onEnd: (result: InvocationResult, durationMs: number, calls: number) => void;
}

export interface Sandbox {
  readonly running: () => number;
  run(event: unknown): Promise<InvocationResult>;
}

const MAXIMUM_RESPONSE_BYTES = 6_291_556;
type Outcome = { readonly payload: unknown } | { readonly error: FunctionError };

/** What Lambda itself sets (Lambda Developer Guide, "Defined runtime environment variables"). */
export function runtimeVariables(settings: FunctionSettings, regionName: string): Record<string, string> {
  return {
    AWS_REGION: regionName,
    AWS_DEFAULT_REGION: regionName,
    AWS_LAMBDA_FUNCTION_NAME: settings.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memoryMib),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${settings.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'simulated/[$LATEST]',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_ACCESS_KEY_ID: settings.accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'simulated',
    AWS_SESSION_TOKEN: 'simulated',
    // Never read the developer's own AWS settings.
    AWS_CONFIG_FILE: `${settings.codeDirectory}/.aws/config`,
    AWS_SHARED_CREDENTIALS_FILE: `${settings.codeDirectory}/.aws/credentials`,
    LAMBDA_TASK_ROOT: settings.codeDirectory,
    _HANDLER: settings.handler,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    ...settings.environment,
  };
}

function answer(payload: unknown): Outcome {
  const text = JSON.stringify(payload ?? null);
  const bytes = Buffer.byteLength(text);
  return bytes > MAXIMUM_RESPONSE_BYTES ? { error: tooLarge(bytes) } : { payload: JSON.parse(text) as unknown };
}

async function settle(handler: Handler, event: unknown, context: unknown): Promise<Outcome> {
  try {
    return answer(await handler(structuredClone(event), context));
  } catch (thrown) {
    return { error: functionError(thrown) };
  }
}

function handlerContext(parts: SandboxParts, requestId: string, endMs: number): Readonly<Record<string, unknown>> {
  const { settings, clock } = parts;
  return {
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName: settings.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: settings.arn,
    memoryLimitInMB: String(settings.memoryMib),
    logGroupName: `/aws/lambda/${settings.name}`,
    logStreamName: 'simulated/[$LATEST]',
    getRemainingTimeInMillis: () => Math.max(0, endMs - clock.nowMs()),
  };
}

function openScope(parts: SandboxParts, variables: Record<string, string>, requestId: string, die: () => void) {
  const crash = parts.takeCrash();
  const scope: InvocationScope = {
    variables,
    subnets: parts.settings.subnets,
    alive: true,
    calls: 0,
    quota: parts.quota,
    ...(crash === undefined ? {} : { diesAfterCalls: crash.afterCalls }),
    write: (text) => {
      for (const line of text.split('\n')) {
        if (line !== '') parts.onLine({ timeMs: parts.clock.nowMs(), requestId, text: line });
      }
    },
    kill: () => {
      scope.alive = false;
      crash?.onCrash();
      die();
    },
  };
  return scope;
}

async function race(parts: SandboxParts, variables: Record<string, string>, requestId: string, event: unknown) {
  const { clock, settings } = parts;
  const { promise: ending, resolve: end } = Promise.withResolvers<Outcome>();
  const scope = openScope(parts, variables, requestId, () => end({ error: exited(requestId) }));
  const endMs = clock.nowMs() + settings.timeoutSeconds * 1000;
  const cancel = clock.at(endMs, () => end({ error: timedOut(requestId, settings.timeoutSeconds) }));
  const context = handlerContext(parts, requestId, endMs);
  const outcome = await Promise.race([ending, runInScope(scope, () => settle(parts.handler, event, context))]);
  scope.alive = false;
  cancel();
  return { outcome, calls: scope.calls };
}

/** An idle environment waits with the time until which it is kept; a busy one is out of the list. */
function createEnvironments(clock: Clock, timings: LambdaTimings) {
  const idleUntilMs: number[] = [];
  return {
    async take(): Promise<void> {
      while (idleUntilMs.length > 0) {
        if ((idleUntilMs.pop() ?? 0) >= clock.nowMs()) return clock.sleep(timings.warmStartMs);
      }
      return clock.sleep(timings.coldStartMs);
    },
    give: () => void idleUntilMs.push(clock.nowMs() + timings.keptWarmMs),
  };
}

/** Runs invocations of one deployed function. */
export function createSandbox(parts: SandboxParts, variables: Record<string, string>): Sandbox {
  const environments = createEnvironments(parts.clock, parts.timings);
  let running = 0;
  return {
    running: () => running,
    async run(event) {
      const requestId = parts.newRequestId();
      running += 1;
      await environments.take();
      const startedMs = parts.clock.nowMs();
      const { outcome, calls } = await race(parts, { ...variables }, requestId, event);
      running -= 1;
      const died = 'error' in outcome && /^(Sandbox\.Timedout|Runtime\.ExitError)$/.test(outcome.error.errorType);
      if (!died) environments.give();
      const result: InvocationResult =
        'error' in outcome ? { ok: false, requestId, ...outcome } : { ok: true, requestId, ...outcome };
      parts.onEnd(result, parts.clock.nowMs() - startedMs, calls);
      return result;
    },
  };
}
