/**
 * Which invocation the running code belongs to. Functions of a region share this process, so what Lambda separates by
 * process (environment variables, standard output, death) is separated here by asynchronous context.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { WireReply, WireRequest } from '../../wire/message.ts';
import type { RetryQuota } from './retry-quota.ts';

export interface InvocationScope {
  /** Readable by the code as process.env, and writable. */
  readonly variables: Record<string, string>;
  /** Ids of those that the function stands in; absent: in none. */
  readonly subnets?: readonly string[] | undefined;
  /** Takes what the code writes to standard output or error. */
  write(text: string): void;
  /** False once the sandbox is gone: timed out or crashed. */
  alive: boolean;
  /** AWS calls made so far. */
  calls: number;
  /** Of the clients of the function's module. */
  readonly quota: RetryQuota;
  /** Dies right after this many calls have had their effect (0: at its first call, before the effect). */
  diesAfterCalls?: number;
  /** Ends the invocation as a killed process would. */
  kill(): void;
}

const scopes = new AsyncLocalStorage<InvocationScope>();

/** Runs `work` as part of that invocation. */
export function runInScope<Result>(scope: InvocationScope, work: () => Result): Result {
  return scopes.run(scope, work);
}

/** The invocation of the running code; undefined outside all functions. */
export function currentScope(): InvocationScope | undefined {
  return scopes.getStore();
}

const never = () => new Promise<never>(() => {});

type Handle = (request: WireRequest) => Promise<WireReply>;

/**
 * What is not reached never answers: from outside a domain in a VPC, from inside one all that has a public address, since a function there has none and no
 * NAT is assumed.
 * @param subnetsOf of the domain in a VPC that has this host; undefined: it is public
 */
export const withinReach =
  (subnetsOf: (host: string) => readonly string[] | undefined, handle: Handle): Handle =>
  (request) => {
    const own = currentScope()?.subnets;
    const wanted = subnetsOf(request.host);
    const isReached = wanted === undefined ? own === undefined : wanted.some((subnet) => own?.includes(subnet));
    return isReached ? handle(request) : never();
  };

/**
 * Answers a function's AWS calls through `handle`, unless its sandbox is gone: a dead process neither sends nor hears
 * anything. Calls from outside functions pass. `handle` itself runs outside the function's context.
 */
export const guardCalls =
  (handle: Handle): Handle =>
  (request) =>
    guardCall(request, handle);

async function guardCall(request: WireRequest, handle: Handle): Promise<WireReply> {
  const scope = scopes.getStore();
  if (!scope) return handle(request);
  if (!scope.alive) return never();
  if (scope.diesAfterCalls === 0) {
    scope.kill();
    return never();
  }
  scope.calls += 1;
  scope.quota.asked(request);
  const last = scope.calls === scope.diesAfterCalls;
  try {
    const reply = await scopes.exit(() => handle(request));
    if (reply.status < 300) scope.quota.succeeded(request);
    if (!last && scope.alive) return reply;
  } catch (refusal) {
    if (!last && scope.alive) throw refusal;
  }
  if (scope.alive) scope.kill();
  return never();
}

function environmentProxy(outer: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const current = () => scopes.getStore()?.variables ?? outer;
  return new Proxy<NodeJS.ProcessEnv>(
    {},
    {
      get: (_, key) => Reflect.get(current(), key),
      has: (_, key) => Reflect.has(current(), key),
      set: (_, key, value) => Reflect.set(current(), key, String(value)),
      deleteProperty: (_, key) => Reflect.deleteProperty(current(), key),
      ownKeys: () => Reflect.ownKeys(current()),
      getOwnPropertyDescriptor: (_, key) => {
        const value: unknown = Reflect.get(current(), key);
        return value === undefined ? undefined : { value, writable: true, enumerable: true, configurable: true };
      },
      defineProperty: (_, key, descriptor) => Reflect.set(current(), key, String(descriptor.value)),
    },
  );
}

const STREAMS = ['stdout', 'stderr'] as const;
const CONSOLE_METHODS = ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const;

function captureStream(name: (typeof STREAMS)[number]): () => void {
  const stream = process[name];
  const write = stream.write;
  stream.write = function (this: typeof stream, ...args: Parameters<typeof write>) {
    const scope = scopes.getStore();
    if (!scope) return write.apply(stream, args);
    scope.write(typeof args[0] === 'string' ? args[0] : Buffer.from(args[0]).toString());
    const callback = args.find((arg) => typeof arg === 'function');
    if (callback) queueMicrotask(() => callback(null));
    return true;
  } as typeof write;
  return () => {
    stream.write = write;
  };
}

function captureConsole(method: (typeof CONSOLE_METHODS)[number], format: (...parts: unknown[]) => string): () => void {
  const original = console[method];
  console[method] = (...parts: unknown[]) => {
    const scope = scopes.getStore();
    if (scope) scope.write(`${format(...parts)}\n`);
    else original.apply(console, parts);
  };
  return () => {
    console[method] = original;
  };
}

let installs = 0;
let restore: readonly (() => void)[] = [];

/**
 * Makes process.env, console and standard output follow the invocation that runs. Returns a function that undoes it;
 * may be nested.
 */
export function installScopes(format: (...parts: unknown[]) => string): () => void {
  installs += 1;
  if (installs === 1) {
    const outer = process.env;
    process.env = environmentProxy(outer);
    const restoreEnvironment = () => {
      process.env = outer;
    };
    const consoles = CONSOLE_METHODS.map((method) => captureConsole(method, format));
    restore = [restoreEnvironment, ...STREAMS.map(captureStream), ...consoles];
  }
  return () => {
    installs -= 1;
    if (installs === 0) for (const undo of restore) undo();
  };
}
