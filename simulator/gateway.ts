/** The region's front door: from HTTP to a service's function and back, in whatever protocol the caller speaks. */
import type { Identities, Identity } from './iam/identity.ts';
import { createBuckets } from './kernel/buckets.ts';
import { type CallGround, LostRefusal, performCall } from './kernel/perform-call.ts';
import { ApiError, type Call, type Kernel, type Service } from './kernel/service.ts';
import type { InnerCall } from './services/perform.ts';
import { type Api, loadApi } from './wire/api.ts';
import { protocolOf, wireError } from './wire/codec.ts';
import { LostReply, type WireReply, type WireRequest } from './wire/message.ts';
import type { Protocol } from './wire/protocol.ts';

export interface Crash {
  readonly call: Call;
  readonly error: unknown;
}

export interface GatewayOptions {
  /** The front doors of other Regions, by name: what is signed for one of them is answered by it. Default: none. */
  readonly neighbours?: ReadonlyMap<string, Gateway>;
  /** Virtual milliseconds from sending to acceptance. Default 20. */
  readonly latencyMs?: number | (() => number);
}

export interface Gateway {
  /**
   * Answers one HTTP request of any AWS protocol.
   * @throws LostReply when a fault lost the reply: the carrier must reset the connection.
   */
  handle(request: WireRequest): Promise<WireReply>;
  /**
   * A call from inside the region, with the SDK's typed input: same latency, faults, throttles, policies and log.
   * @throws ApiError when refused.
   */
  perform(call: InnerCall): Promise<unknown>;
  /** Operations that were asked for and are not simulated, as `service:Operation`. A test should find none. */
  readonly unknownOperations: readonly string[];
  /** Exceptions in simulated services that are no refusals: bugs of the simulation. A test should find none. */
  readonly crashes: readonly Crash[];
}

/** Virtual milliseconds from sending to acceptance, unless told otherwise. */
export const DEFAULT_LATENCY_MS = 20;

interface Scope {
  readonly accessKeyId: string;
  readonly regionName: string;
  readonly service: string;
}

/** Who signed for what: `Credential=AKID/20260301/eu-west-1/ec2/aws4_request`. The day, like the signature, is not checked. */
function scopeOf(request: WireRequest): Scope | undefined {
  const text = request.headers.authorization ?? `Credential=${request.query['X-Amz-Credential'] ?? ''}`;
  const [, accessKeyId, regionName = '', service] =
    /Credential=([^/\s]+)\/\d+\/([^/]*)\/([^/]+)\/aws4_request/.exec(text) ?? [];
  return accessKeyId && service ? { accessKeyId, regionName, service } : undefined;
}

const WRONG_REGION: Readonly<Partial<Record<Protocol['name'], readonly [code: string, status: number]>>> = {
  ec2Query: ['AuthFailure', 401],
  awsQuery: ['SignatureDoesNotMatch', 403],
};

/** Services that belong to no Region, or have an endpoint that does not: they sign for us-east-1. */
const GLOBAL_SERVICES = ['route53', 'sts'];

/** Signed for another Region: no resource of this one can be meant. */
function checkRegion(kernel: Kernel, { regionName, service }: Scope, protocol: Protocol): void {
  if (regionName === kernel.regionName || GLOBAL_SERVICES.includes(service)) return;
  const [code, status] = WRONG_REGION[protocol.name] ?? ['InvalidSignatureException', 400];
  const message = `Credential should be scoped to a valid region, not '${regionName}': this is ${kernel.regionName}.`;
  throw new ApiError(code, message, status);
}

function plainReply(status: number, text: string): WireReply {
  return { status, headers: { 'content-type': 'text/plain' }, body: new TextEncoder().encode(text) };
}

function requestIds(kernel: Kernel): () => string {
  const random = kernel.random.fork('request-ids');
  return () => [8, 4, 4, 4, 12].map((length) => random.hex(length)).join('-');
}

interface Route {
  readonly api: Api;
  readonly protocol: Protocol;
  readonly identity: Identity;
}

interface Books {
  readonly neighbours: ReadonlyMap<string, Gateway>;
  readonly ground: CallGround;
  readonly services: ReadonlyMap<string, Service>;
  readonly identities: Identities;
  readonly unknownOperations: string[];
  readonly crashes: Crash[];
}

/** Finds the service's function, noting what is not there. */
function knownService(books: Books, name: string, operation: string): Service {
  const service = books.services.get(name);
  if (service?.operations[operation]) return service;
  books.unknownOperations.push(`${name}:${operation}`);
  throw new ApiError('UnknownOperation', `${name}:${operation} is not simulated`, 501);
}

async function answer(books: Books, route: Route, request: WireRequest): Promise<WireReply> {
  const { api, protocol, identity } = route;
  const name = protocol.operationName(api, request) ?? 'nothing';
  const service = knownService(books, api.service, name);
  const operation = api.operations.get(name);
  if (!operation) throw new ApiError('UnknownOperation', `${api.service} has no operation ${name}`, 501);
  const input = await protocol.decode(operation, request);
  const { id, output, lost } = await performCall(books.ground, identity, service, name, input, request.origin);
  if (lost) throw new LostReply();
  return protocol.encode(api, operation, output, id);
}

async function handle(books: Books, request: WireRequest): Promise<WireReply> {
  const scope = scopeOf(request);
  if (!scope) return plainReply(403, 'Missing Authentication Token');
  const neighbour = books.neighbours.get(scope.regionName);
  if (neighbour && !GLOBAL_SERVICES.includes(scope.service)) return neighbour.handle(request);
  const service = books.services.get(scope.service);
  if (!service) {
    books.unknownOperations.push(`${scope.service}:${request.method} ${request.path}`);
    return plainReply(501, `UnknownOperation: the service ${scope.service} is not simulated`);
  }
  const api = await loadApi(service);
  const protocol = protocolOf(scope.service, request);
  const identity = books.identities.resolve(scope.accessKeyId);
  try {
    checkRegion(books.ground.kernel, scope, protocol);
    return await answer(books, { api, protocol, identity }, request);
  } catch (error) {
    if (error instanceof LostRefusal) throw new LostReply();
    if (error instanceof ApiError) return protocol.encodeError(api, wireError(api, error), books.ground.nextId());
    throw error;
  }
}

/** Every reply tells the region's own time: SDKs sign, and people tell ages, by it. */
async function handleDated(books: Books, request: WireRequest): Promise<WireReply> {
  const { status, headers, body } = await handle(books, request);
  return { status, headers: { ...headers, date: new Date(books.ground.kernel.clock.nowMs()).toUTCString() }, body };
}

async function perform(books: Books, { caller, service: name, operation, input }: InnerCall): Promise<unknown> {
  const service = knownService(books, name, operation);
  const identity = { caller, policies: books.identities.policiesOf(caller.arn) };
  try {
    return (await performCall(books.ground, identity, service, operation, input)).output;
  } catch (error) {
    if (error instanceof LostRefusal) throw new ApiError('InternalFailure', error.message, 500);
    throw error;
  }
}

/** The front door of these services. Callers are told apart by their access keys. */
export function createGateway(
  kernel: Kernel,
  services: readonly Service[],
  identities: Identities,
  options: GatewayOptions = {},
): Gateway {
  const { latencyMs = DEFAULT_LATENCY_MS, neighbours = new Map() } = options;
  const crashes: Crash[] = [];
  const books: Books = {
    neighbours,
    ground: {
      kernel,
      buckets: createBuckets(kernel.clock),
      latencyMs: typeof latencyMs === 'number' ? () => latencyMs : latencyMs,
      onCrash: (call, error) => void crashes.push({ call, error }),
      nextId: requestIds(kernel),
    },
    services: new Map(services.map((service) => [service.name, service])),
    identities,
    unknownOperations: [],
    crashes,
  };
  return {
    handle: (request) => handleDated(books, request),
    perform: (call) => perform(books, call),
    unknownOperations: books.unknownOperations,
    crashes,
  };
}
