/**
 * One call of an AWS service, without the SDK's client of that service: those describe every operation there is, and make a bundle
 * three times as big. HTTP, credentials and retries stay the SDK's own code.
 */
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { retryMiddleware, StandardRetryStrategy } from '@smithy/core/retry';
import { HttpRequest } from '@smithy/core/transport';
import type { AwsCredentialIdentity, FinalizeHandler, Provider } from '@smithy/types';
import { invariantBroken } from '#domain/faults.ts';
import { environment } from '../environment.ts';
import { lazy } from '../lazy.ts';
import { awsClock } from './aws-clock.ts';
import { endpointOf, type Service } from './endpoint.ts';
import { type Refusal, type Reply, replyError } from './reply-error.ts';
import { signedHeaders } from './signature.ts';
import { type RequestHandler, replyOf, transport } from './transport.ts';

/** For tests; the defaults are what a Lambda, or the CLI, has around it. */
export interface CallerSettings {
  readonly region?: string;
  readonly credentials?: Provider<AwsCredentialIdentity>;
  readonly maxAttempts?: number;
  /** For the connection, and for the reply after it. */
  readonly timeoutMs?: number;
  readonly requestHandler?: RequestHandler;
}

/** How the protocol of a service is spoken. */
export interface Protocol extends Service {
  /** What a reply other than 2xx says of itself. */
  readonly refusal: (reply: Reply) => Refusal;
  /** Milliseconds before the first repeat, doubled before each further one, times a random number below 1. */
  readonly firstPauseMs?: number;
  readonly maxAttempts?: number;
  /** Longer than usual where a repeat is felt: what was slow had its effect. */
  readonly replyTimeoutMs?: number;
}

export interface Call {
  /** Default POST. */
  readonly method?: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** Where a resource is spoken to that has an address of its own. Default: the service's, in the Region. */
  readonly endpoint?: URL;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const usualAttempts = 3;

/**
 * @returns a function that makes one call, repeated as the SDK does in its standard mode: throttles, HTTP 500, 502, 503 and 504, a
 *   connection that broke or gave no reply in time, and a clock that AWS found wrong. It gives the body of the reply.
 * @throws ReplyError when AWS refuses; the socket's error, or a TimeoutError, when there was no reply to the last attempt
 */
export function awsCaller(protocol: Protocol, settings: CallerSettings = {}): (call: Call) => Promise<string> {
  const means = lazy(() => meansOf(protocol, settings));
  return async (call) => {
    const { endpoint, send } = means();
    const { output } = await send({ input: call, request: requestOf(call.endpoint ?? endpoint, call) });
    return output.body;
  };
}

function requestOf(endpoint: URL, { method = 'POST', path, headers, body }: Call): HttpRequest {
  const { protocol, hostname, port, host, pathname } = endpoint;
  return new HttpRequest({
    protocol,
    hostname,
    ...(port === '' ? {} : { port: Number(port) }),
    method,
    path: `${pathname.replace(/\/$/, '')}${path}`,
    headers: {
      ...headers,
      ...environment.trace(),
      host,
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': 'holdfast',
    },
    body,
  });
}

function meansOf(protocol: Protocol, settings: CallerSettings) {
  const region = settings.region ?? environment.region();
  const maxAttempts = settings.maxAttempts ?? environment.maxAttempts() ?? protocol.maxAttempts ?? usualAttempts;
  const { firstPauseMs } = protocol;
  const retryStrategy = new StandardRetryStrategy({
    maxAttempts,
    ...(firstPauseMs === undefined ? {} : { baseDelay: firstPauseMs }),
  });
  const retries = { maxAttempts: async () => maxAttempts, retryStrategy: async () => retryStrategy };
  return {
    endpoint: endpointOf(protocol, region, environment.endpoints()),
    send: retryMiddleware(retries)(attemptOf(protocol, region, settings), {}),
  };
}

interface Answered {
  readonly body: string;
  /** Filled in by the retries. */
  readonly $metadata: Record<string, never>;
}

/** One attempt: signed anew, for a repeat is sent at another time. */
function attemptOf(protocol: Protocol, region: string, settings: CallerSettings): FinalizeHandler<Call, Answered> {
  const handler = settings.requestHandler ?? transport(protocol.replyTimeoutMs, settings.timeoutMs);
  const { credentials = defaultProvider() } = settings;
  const clock = awsClock();
  return async ({ input, request }) => {
    if (!HttpRequest.isInstance(request)) throw invariantBroken('A call of AWS is no HTTP request.');
    const at = clock.now();
    const scope = { credentials: await credentials(), region, service: protocol.host, at };
    const headers = signedHeaders({ ...request, body: input.body }, scope);
    const { response } = await handler.handle(new HttpRequest({ ...request, headers }));
    const reply = await replyOf(response);
    const isTimeCorrected = clock.follow(reply, at);
    if (reply.statusCode >= 300) throw replyError(reply, protocol.refusal(reply), isTimeCorrected);
    return { response, output: { body: reply.body, $metadata: {} } };
  };
}
