/** Simulated AWS Lambda: runs deployed bundles in this process, each in its own environment. */
import { format } from 'node:util';
import type {
  GetFunctionCommandInput,
  GetFunctionCommandOutput,
  InvokeCommandInput,
  InvokeCommandOutput,
} from '@aws-sdk/client-lambda';
import { arn } from '../../iam/arn.ts';
import { realWork } from '../../kernel/real-work.ts';
import { ApiError, type Caller, type Kernel, type Service } from '../../kernel/service.ts';
import { recordEmbeddedMetrics } from '../logs/embedded-metrics.ts';
import type { Perform, RecordMetric } from '../perform.ts';
import { invokeAsynchronously } from './async-invocations.ts';
import {
  createFunctionRegistry,
  type DeployedFunction,
  type FunctionRegistry,
  functionName,
  type Permission,
  uuid,
} from './function-registry.ts';
import {
  type AsyncSettings,
  DEFAULT_LAMBDA_TIMINGS,
  type FunctionSettings,
  type InvocationResult,
  type LambdaTimings,
} from './function-settings.ts';
import { installScopes, runInScope } from './invocation-scope.ts';
import { loadHandler } from './load-handler.ts';
import { createSandbox, type LogLine, runtimeVariables, type Sandbox } from './sandbox.ts';

export interface LambdaParts {
  readonly perform: Perform;
  readonly recordMetric: RecordMetric;
  readonly timings?: Partial<LambdaTimings>;
  /** Share module instances with earlier regions of this process (see `loadHandler`). Default false. */
  readonly reuseModules?: boolean;
}

/** A crash on purpose: the function's process dies after its n-th AWS call had its effect (0: before its first). */
export interface PlannedCrash {
  readonly functionName: string;
  readonly afterCalls: number;
  /** Invocations that go unharmed first. Default 0. */
  readonly skip?: number;
}

export interface Lambda extends Service {
  /** Creates or replaces a function, and evaluates its module: code that cannot start fails here. */
  deploy(settings: FunctionSettings): Promise<void>;
  remove(name: string): void;
  setAsync(name: string, settings: AsyncSettings): void;
  addPermission(nameOrArn: string, permission: Permission): void;
  /** Whether the function's own policy lets that service principal invoke it on behalf of `sourceArn`. */
  permits(nameOrArn: string, principal: string, sourceArn: string): boolean;
  exists(nameOrArn: string): boolean;
  /** Arranges a crash; undefined behaviour of two crashes planned for the same invocation: the earlier one wins. */
  crash(plan: PlannedCrash): void;
  /** Everything the function wrote, oldest first. */
  logs(name: string): readonly LogLine[];
  /** Asynchronous events that ended without success and without anywhere to go. */
  readonly lost: readonly unknown[];
  /** Gives process.env and the console back. */
  close(): void;
}

interface Plan {
  readonly plan: PlannedCrash;
  seen: number;
  done: boolean;
}

function takeCrash(plans: readonly Plan[], name: string): number | undefined {
  for (const planned of plans) {
    if (planned.done || planned.plan.functionName !== name) continue;
    planned.seen += 1;
    if (planned.seen <= (planned.plan.skip ?? 0)) continue;
    planned.done = true;
    return planned.plan.afterCalls;
  }
  return undefined;
}

function toOutput(result: InvocationResult): Omit<InvokeCommandOutput, '$metadata'> {
  const body = Buffer.from(JSON.stringify(result.ok ? result.payload : result.error));
  const payload = Object.assign(new Uint8Array(body), { transformToString: () => body.toString() });
  const failure = result.ok ? {} : { FunctionError: 'Unhandled' };
  return { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: payload, ...failure };
}

/** As it arrives: the wire carries bytes, whatever the SDK's caller gave it. */
export type InvokeInput = Omit<InvokeCommandInput, 'Payload'> & { readonly Payload?: Uint8Array | undefined };

function parsePayload(payload: Uint8Array | undefined): unknown {
  if (payload === undefined || payload.length === 0) return {};
  try {
    return JSON.parse(Buffer.from(payload).toString());
  } catch {
    throw new ApiError('InvalidRequestContentException', 'Could not parse request body into json.');
  }
}

/** Refused while all reserved concurrency is in use (Lambda Developer Guide, "Understanding function scaling"). */
function run(deployed: DeployedFunction, event: unknown): Promise<InvocationResult> {
  const { sandbox, settings } = deployed;
  if (sandbox.running() >= (settings.reservedConcurrency ?? Number.POSITIVE_INFINITY)) {
    throw new ApiError('TooManyRequestsException', 'Rate Exceeded.', 429);
  }
  return sandbox.run(event);
}

function operationsOf(registry: FunctionRegistry, queue: (deployed: DeployedFunction, event: unknown) => void) {
  return {
    Invoke: async (input: InvokeInput) => {
      const deployed = registry.get(input.FunctionName ?? '');
      const event = parsePayload(input.Payload);
      if (input.InvocationType === 'DryRun') return { StatusCode: 204 };
      if (input.InvocationType === 'Event') {
        queue(deployed, event);
        return { StatusCode: 202 };
      }
      return toOutput(await run(deployed, event));
    },
    GetFunction: (input: GetFunctionCommandInput): Omit<GetFunctionCommandOutput, '$metadata'> => {
      const { settings } = registry.get(input.FunctionName ?? '');
      return {
        Configuration: {
          FunctionName: settings.name,
          FunctionArn: settings.arn,
          Role: settings.roleArn,
          Handler: settings.handler,
          Timeout: settings.timeoutSeconds,
          MemorySize: settings.memoryMib,
          State: 'Active',
          LastUpdateStatus: 'Successful',
        },
      };
    },
  };
}

function recordEnd(record: RecordMetric, name: string, result: InvocationResult, durationMs: number): void {
  const dimensions = { FunctionName: name };
  record('AWS/Lambda', 'Invocations', dimensions, 1);
  record('AWS/Lambda', 'Errors', dimensions, result.ok ? 0 : 1);
  record('AWS/Lambda', 'Duration', dimensions, durationMs);
}

/** An empty Lambda. */
export function createLambda(kernel: Kernel, parts: LambdaParts): Lambda {
  const timings = { ...DEFAULT_LAMBDA_TIMINGS, ...parts.timings };
  const random = kernel.random.fork('lambda');
  const registry = createFunctionRegistry((name) => arn(kernel, 'lambda', `function:${name}`));
  const restoreProcess = installScopes(format);
  const plans: Plan[] = [];
  const lost: unknown[] = [];

  const onLine = (name: string, line: LogLine) => {
    registry.lines(name).push(line);
    recordEmbeddedMetrics(line.text, parts.recordMetric);
  };

  const makeSandbox = async (settings: FunctionSettings): Promise<Sandbox> => {
    const variables = runtimeVariables(settings, kernel.regionName);
    const init = { requestId: 'init', timeMs: kernel.clock.nowMs() };
    const write = (text: string) => onLine(settings.name, { ...init, text: text.trimEnd() });
    const scope = { variables, alive: true, calls: 0, kill: () => {}, write };
    const reuseKey = parts.reuseModules ? JSON.stringify([settings.codeDirectory, variables]) : undefined;
    return createSandbox(
      {
        clock: kernel.clock,
        timings,
        settings,
        handler: await realWork(() => runInScope(scope, () => loadHandler(settings, reuseKey))),
        newRequestId: () => uuid(random),
        takeCrash: () => takeCrash(plans, settings.name),
        onLine: (line) => onLine(settings.name, line),
        onEnd: (result, durationMs) => recordEnd(parts.recordMetric, settings.name, result, durationMs),
      },
      variables,
    );
  };

  const queue = ({ settings, asyncSettings }: DeployedFunction, event: unknown): void => {
    const roleOf = (of: FunctionSettings): Caller => ({ kind: 'role', arn: of.roleArn, name: `function:${of.name}` });
    const attempt = async (each: unknown) => run(registry.get(settings.name), each);
    const onLost = (reason: unknown) => void lost.push(reason);
    const asyncParts = { clock: kernel.clock, timings, perform: parts.perform, roleOf, run: attempt, onLost };
    void invokeAsynchronously(asyncParts, settings, asyncSettings, event);
  };

  return {
    name: 'lambda',
    operations: operationsOf(registry, queue),
    access: (operation, input: InvokeCommandInput) => [
      {
        action: operation === 'Invoke' ? 'lambda:InvokeFunction' : `lambda:${operation}`,
        resource: arn(kernel, 'lambda', `function:${functionName(input.FunctionName ?? '')}`),
      },
    ],
    deploy: async (settings) => registry.put(settings, await makeSandbox(settings)),
    remove: registry.delete,
    setAsync: (name, settings) => {
      registry.get(name).asyncSettings = settings;
    },
    addPermission: (nameOrArn, permission) => void registry.get(nameOrArn).permissions.push(permission),
    permits: (nameOrArn, principal, sourceArn) =>
      registry
        .get(nameOrArn)
        .permissions.some((each) => each.principal === principal && (each.sourceArn ?? sourceArn) === sourceArn),
    exists: (nameOrArn) => registry.find(nameOrArn) !== undefined,
    crash: (plan) => void plans.push({ plan, seen: 0, done: false }),
    logs: registry.lines,
    lost,
    close: restoreProcess,
  };
}
