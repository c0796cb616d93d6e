/** Simulated AWS Lambda: runs deployed bundles in this process, each in its own environment. */
import { basename } from 'node:path';
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
import { type LoadedHandler, loadHandler } from './load-handler.ts';
import { type PlannedCrash, type PlannedCrashes, plannedCrashes } from './planned-crashes.ts';
import { retryQuota } from './retry-quota.ts';
import { createSandbox, type LogLine, runtimeVariables, type Sandbox } from './sandbox.ts';

export interface LambdaParts {
  readonly perform: Perform;
  readonly recordMetric: RecordMetric;
  readonly timings?: Partial<LambdaTimings>;
  /** Share module instances with earlier regions of this process (see `loadHandler`). Default false. */
  readonly reuseModules?: boolean;
}

/** One invocation that has ended. */
export interface Invocation {
  readonly functionName: string;
  /** Virtual time of its end, epoch milliseconds. */
  readonly endMs: number;
  readonly durationMs: number;
  /** AWS calls that it made. */
  readonly calls: number;
  /** Name of the error that it ended with. */
  readonly error?: string;
}

export interface Lambda extends Service {
  /** Creates or replaces a function, and evaluates its module: code that cannot start fails here. */
  deploy(settings: FunctionSettings): Promise<void>;
  remove(name: string): void;
  setAsync(name: string, settings: AsyncSettings): void;
  addPermission(nameOrArn: string, permission: Permission): void;
  /** Whether the function's own policy lets that service principal invoke it on behalf of `sourceArn`. */
  permits(nameOrArn: string, principal: string, sourceArn: string): boolean;
  /** Names of all functions. */
  names(): readonly string[];
  /** Arranges a crash. Of two planned for the same invocation the earlier one wins. @returns what calls it off, if it has not come */
  crash(plan: PlannedCrash): () => void;
  /** Crashes that never happened: their invocation did not come, or made fewer calls. */
  crashesMissed(): readonly PlannedCrash[];
  /** Everything the function wrote, oldest first. */
  logs(name: string): readonly LogLine[];
  /** In order of their ends. */
  readonly invocations: readonly Invocation[];
  /** Asynchronous events that ended without success and without anywhere to go. */
  readonly lost: readonly unknown[];
  /** Gives process.env and the console back. */
  close(): void;
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

/** Refused, and counted as a throttle, while all reserved concurrency is in use (Lambda Developer Guide, "Understanding function scaling"). */
function run(deployed: DeployedFunction, event: unknown, record: RecordMetric): Promise<InvocationResult> {
  const { sandbox, settings } = deployed;
  if (sandbox.running() >= (settings.reservedConcurrency ?? Number.POSITIVE_INFINITY)) {
    record('AWS/Lambda', 'Throttles', { FunctionName: settings.name }, 1);
    throw new ApiError('TooManyRequestsException', 'Rate Exceeded.', 429);
  }
  return sandbox.run(event);
}

function operationsOf(
  registry: FunctionRegistry,
  record: RecordMetric,
  queue: (deployed: DeployedFunction, event: unknown) => void,
) {
  return {
    Invoke: async (input: InvokeInput) => {
      const deployed = registry.get(input.FunctionName ?? '');
      const event = parsePayload(input.Payload);
      if (input.InvocationType === 'DryRun') return { StatusCode: 204 };
      if (input.InvocationType === 'Event') {
        queue(deployed, event);
        return { StatusCode: 202 };
      }
      return toOutput(await run(deployed, event, record));
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

/** CDK names asset folders after their content, so that the same code is recognised in another folder. */
function moduleKey(settings: FunctionSettings, regionName: string): string {
  const name = basename(settings.codeDirectory);
  const code = /^asset\.[0-9a-f]{64}$/.test(name) ? name : settings.codeDirectory;
  return JSON.stringify([code, settings.handler, runtimeVariables({ ...settings, codeDirectory: code }, regionName)]);
}

interface Books {
  readonly kernel: Kernel;
  readonly parts: LambdaParts;
  readonly registry: FunctionRegistry;
  readonly timings: LambdaTimings;
  readonly crashes: PlannedCrashes;
  readonly lost: unknown[];
  readonly invocations: Invocation[];
  readonly newId: () => string;
}

function keepLine({ registry, parts }: Books, name: string, line: LogLine): void {
  registry.lines(name).push(line);
  recordEmbeddedMetrics(line.text, parts.recordMetric);
}

const reuseKeyOf = ({ parts, kernel }: Books, settings: FunctionSettings): string | undefined =>
  parts.reuseModules ? moduleKey(settings, kernel.regionName) : undefined;

/** Evaluates the function's module as part of itself. */
function start(books: Books, settings: FunctionSettings, variables: Record<string, string>): Promise<LoadedHandler> {
  const { clock } = books.kernel;
  const write = (text: string) =>
    keepLine(books, settings.name, { requestId: 'init', timeMs: clock.nowMs(), text: text.trimEnd() });
  const scope = { variables, alive: true, calls: 0, quota: retryQuota(), kill: () => {}, write };
  return realWork(() => runInScope(scope, () => loadHandler(settings, reuseKeyOf(books, settings))));
}

async function makeSandbox(books: Books, settings: FunctionSettings): Promise<Sandbox> {
  const { kernel, timings, crashes, parts, newId } = books;
  const { name } = settings;
  const variables = runtimeVariables(settings, kernel.regionName);
  return createSandbox(
    {
      ...{ clock: kernel.clock, timings, settings, newRequestId: newId },
      ...(await start(books, settings, variables)),
      takeCrash: () => crashes.take(name),
      onLine: (line) => keepLine(books, name, line),
      onEnd: (result, durationMs, calls) => {
        recordEnd(parts.recordMetric, name, result, durationMs);
        const error = result.ok ? {} : { error: result.error.errorType };
        books.invocations.push({ functionName: name, endMs: kernel.clock.nowMs(), durationMs, calls, ...error });
      },
    },
    variables,
  );
}

function queue(books: Books, { settings, asyncSettings }: DeployedFunction, event: unknown): void {
  const asyncParts = {
    ...{ clock: books.kernel.clock, timings: books.timings, perform: books.parts.perform },
    roleOf: (of: FunctionSettings): Caller => ({ kind: 'role', arn: of.roleArn, name: `function:${of.name}` }),
    run: async (each: unknown) => run(books.registry.get(settings.name), each, books.parts.recordMetric),
    onLost: (reason: unknown) => void books.lost.push(reason),
  };
  void invokeAsynchronously(asyncParts, settings, asyncSettings, event);
}

/** What deployments and tests do with a Lambda, besides its API. */
function controls(books: Books): Omit<Lambda, keyof Service | 'close'> {
  const { registry, crashes, lost, invocations } = books;
  return {
    deploy: async (settings) => registry.put(settings, await makeSandbox(books, settings)),
    remove: registry.delete,
    setAsync: (name, settings) => {
      registry.get(name).asyncSettings = settings;
    },
    addPermission: (nameOrArn, permission) => void registry.get(nameOrArn).permissions.push(permission),
    permits: (nameOrArn, principal, sourceArn) =>
      registry
        .find(nameOrArn)
        ?.permissions.some((each) => each.principal === principal && (each.sourceArn ?? sourceArn) === sourceArn) ??
      false,
    names: registry.names,
    crash: crashes.add,
    crashesMissed: crashes.missed,
    logs: registry.lines,
    invocations,
    lost,
  };
}

/** An empty Lambda. */
export function createLambda(kernel: Kernel, parts: LambdaParts): Lambda {
  const random = kernel.random.fork('lambda');
  const arnOf = (name: string) => arn(kernel, 'lambda', `function:${name}`);
  const registry = createFunctionRegistry(arnOf);
  const timings = { ...DEFAULT_LAMBDA_TIMINGS, ...parts.timings };
  const books: Books = {
    kernel,
    parts,
    registry,
    timings,
    crashes: plannedCrashes(),
    lost: [],
    invocations: [],
    newId: () => uuid(random),
  };
  return {
    name: 'lambda',
    client: () => import('@aws-sdk/client-lambda'),
    operations: operationsOf(registry, parts.recordMetric, (deployed, event) => queue(books, deployed, event)),
    access: (operation, input: InvokeInput) => [
      {
        action: operation === 'Invoke' ? 'lambda:InvokeFunction' : `lambda:${operation}`,
        resource: arnOf(functionName(input.FunctionName ?? '')),
      },
    ],
    ...controls(books),
    close: installScopes(format),
  };
}
