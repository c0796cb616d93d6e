/**
 * One call of an AWS service, without the SDK's client of that service: those describe every operation there is, and make a bundle
 * three times as big. What can go wrong in a call stays AWS's own code: Signature Version 4 and its clock, HTTP, credentials,
 * Region, endpoints, which error is tried again and when.
 */
import { recursionDetectionMiddleware } from '@aws-sdk/core/client';
import { AwsSdkSigV4Signer } from '@aws-sdk/core/httpAuthSchemes';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { Sha256 } from '@smithy/core/checksum';
import { loadConfig, NODE_REGION_CONFIG_FILE_OPTIONS, NODE_REGION_CONFIG_OPTIONS } from '@smithy/core/config';
import { retryMiddleware, StandardRetryStrategy } from '@smithy/core/retry';
import { HttpRequest, HttpResponse } from '@smithy/core/transport';
import { NodeHttpHandler, streamCollector } from '@smithy/node-http-handler';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentialIdentity, FinalizeHandler } from '@smithy/types';
import { invariantBroken } from '#domain/faults.ts';
import { lazy } from '../lazy.ts';
import { endpointOf, type Service } from './endpoint.ts';
import { type Refusal, type Reply, replyError } from './reply-error.ts';

/** For tests; the defaults are what a Lambda, or the CLI, has around it. */
export interface CallerSettings {
  readonly region?: string;
  readonly credentials?: AwsCredentialIdentity;
  readonly maxAttempts?: number;
  /** For the connection, and for the reply after it. */
  readonly timeoutMs?: number;
  readonly requestHandler?: RequestHandler;
}

export interface RequestHandler {
  handle(request: HttpRequest): Promise<{ readonly response: HttpResponse }>;
}

/** How the protocol of a service is spoken. */
export interface Protocol extends Service {
  /** What a reply other than 2xx says of itself. */
  readonly refusal: (reply: Reply) => Refusal;
  /** Milliseconds before the first repeat, doubled before each further one, times a random number below 1. */
  readonly firstPauseMs?: number;
  readonly maxAttempts?: number;
}

export interface Call {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const connectTimeoutMs = 3000;
/** No operation that is called here takes more than a second or two; a connection that died says nothing at all. */
const replyTimeoutMs = 10_000;
const usualAttempts = 3;

/**
 * @returns a function that makes one call, repeated as the SDK does in its standard mode: throttles, HTTP 500, 502, 503 and 504, a
 *   connection that broke or gave no reply in time, and a clock that AWS found wrong. It gives the body of the reply.
 * @throws ReplyError when AWS refuses; the socket's error, or a TimeoutError, when there was no reply to the last attempt
 */
export function awsCaller(protocol: Protocol, settings: CallerSettings = {}): (call: Call) => Promise<string> {
  const means = lazy(() => meansOf(protocol, settings));
  return async (call) => {
    const { endpoint, send } = await means();
    const { output } = await send({ input: {}, request: requestOf(endpoint, call) });
    return output.body;
  };
}

function requestOf(endpoint: URL, { path, headers, body }: Call): HttpRequest {
  const { protocol, hostname, port, pathname } = endpoint;
  return new HttpRequest({
    protocol,
    hostname,
    ...(port === '' ? {} : { port: Number(port) }),
    method: 'POST',
    path: `${pathname.replace(/\/$/, '')}${path}`,
    headers: { ...headers, host: endpoint.host, 'content-length': String(Buffer.byteLength(body)), 'user-agent': 'holdfast' },
    body,
  });
}

async function meansOf(protocol: Protocol, settings: CallerSettings) {
  const region = settings.region ?? (await loadConfig(NODE_REGION_CONFIG_OPTIONS, NODE_REGION_CONFIG_FILE_OPTIONS)());
  const maxAttempts = settings.maxAttempts ?? protocol.maxAttempts ?? usualAttempts;
  const { firstPauseMs } = protocol;
  const retryStrategy = new StandardRetryStrategy({
    maxAttempts,
    ...(firstPauseMs === undefined ? {} : { baseDelay: firstPauseMs }),
  });
  const retries = { maxAttempts: async () => maxAttempts, retryStrategy: async () => retryStrategy };
  const repeated = retryMiddleware(retries)(attemptOf(protocol, region, settings), {});
  return { endpoint: await endpointOf(protocol, region), send: recursionDetectionMiddleware()(repeated, {}) };
}

interface Answered {
  readonly body: string;
  /** Filled in by the retries. */
  readonly $metadata: Record<string, never>;
}

/** One attempt: signed anew, for a repeat is sent at another time. */
function attemptOf(protocol: Protocol, region: string, settings: CallerSettings): FinalizeHandler<object, Answered> {
  const handler = settings.requestHandler ?? handlerOf(settings);
  const signer = new SignatureV4({
    service: protocol.host,
    region,
    credentials: settings.credentials ?? defaultProvider({}),
    sha256: Sha256,
  });
  const clock = new AwsSdkSigV4Signer();
  const config = { signer: async () => signer, systemClockOffset: 0 };
  return async ({ request }) => {
    if (!HttpRequest.isInstance(request)) throw invariantBroken('A call of AWS is no HTTP request.');
    const signing = { config, context: {} };
    const { response } = await handler.handle(HttpRequest.clone(await clock.sign(request, noIdentity, signing)));
    const reply = await replyOf(response);
    if (reply.statusCode < 300) {
      clock.successHandler(reply, signing);
      return { response, output: { body: reply.body, $metadata: {} } };
    }
    return clock.errorHandler(signing)(replyError(reply, protocol.refusal(reply)));
  };
}

/** The signer has credentials of its own; this parameter of the SDK's is not read. */
const noIdentity = { accessKeyId: '', secretAccessKey: '' };

function handlerOf({ timeoutMs }: CallerSettings): NodeHttpHandler {
  return new NodeHttpHandler({
    connectionTimeout: timeoutMs ?? connectTimeoutMs,
    requestTimeout: timeoutMs ?? replyTimeoutMs,
    socketTimeout: timeoutMs ?? replyTimeoutMs,
    throwOnRequestTimeout: true,
  });
}

const replyOf = async ({ statusCode, headers, body }: HttpResponse): Promise<Reply> => ({
  statusCode,
  headers,
  body: new TextDecoder().decode(await streamCollector(body)),
});
