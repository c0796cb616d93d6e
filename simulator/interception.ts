/** Answers every request that this process makes to AWS by the gateway, in process: the very bundles run unchanged. */
import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import { type Answer, answeredRequest } from './answered-request.ts';
import type { Gateway } from './gateway.ts';
import { LostReply, queryOf, type WireReply } from './wire/message.ts';

const AWS_HOST = /\.amazonaws\.com(\.cn)?$|\.api\.aws$/;
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[?::1\]?)$/;
/** Statuses for which a Response may have no body (Fetch standard, "null body status"). */
const WITHOUT_BODY = new Set([101, 204, 205, 304]);

function connectionReset(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', errno: -104, syscall: 'read' });
}

const answerBy =
  (gateway: Gateway): Answer =>
  async ({ method, url, headers, body }) => {
    if (!AWS_HOST.test(url.hostname)) {
      throw new Error(`The simulation must not reach the network: ${method} ${url.href}`);
    }
    const query = queryOf(url.searchParams);
    try {
      return await gateway.handle({ method, host: url.hostname, path: url.pathname, query, headers, body });
    } catch (error) {
      throw error instanceof LostReply ? connectionReset() : new Error(String(error), { cause: error });
    }
  };

type OnResponse = (response: IncomingMessage) => void;
type Arguments = readonly [string | URL | RequestOptions, (RequestOptions | OnResponse)?, OnResponse?];

interface Parts {
  readonly url: URL;
  readonly options: RequestOptions;
  readonly onResponse: OnResponse | undefined;
}

/** The three ways to call `request` (Node.js documentation, "http.request"). */
function partsOf(scheme: string, [first, ...others]: Arguments): Parts {
  const onResponse = others.find((each) => typeof each === 'function');
  const given = others.find((each) => typeof each === 'object') ?? {};
  if (typeof first === 'string' || first instanceof URL) return { url: new URL(first), options: given, onResponse };
  const { protocol = scheme, hostname = first.host ?? 'localhost', port, path = '/' } = first;
  return { url: new URL(`${protocol}//${hostname}${port ? `:${port}` : ''}${path}`), options: first, onResponse };
}

type Module = typeof http | typeof https;

function replaceRequests(module: Module, scheme: string, answer: Answer): () => void {
  const { request, get } = module;
  const replaced = (...given: Arguments): ClientRequest => {
    const { url, options, onResponse } = partsOf(scheme, given);
    if (LOOPBACK.test(url.hostname)) return Reflect.apply(request, module, given);
    return answeredRequest(url, options, answer, onResponse);
  };
  const replacedGet = (...given: Arguments): ClientRequest => {
    const asked = replaced(...given);
    asked.end();
    return asked;
  };
  Object.assign(module, { request: replaced, get: replacedGet });
  return () => void Object.assign(module, { request, get });
}

function fetchResponse({ status, headers, body }: WireReply): Response {
  const content = WITHOUT_BODY.has(status) ? null : new Uint8Array(body);
  return new Response(content, { status, headers: { ...headers, 'content-length': String(body.length) } });
}

function replaceFetch(answer: Answer): () => void {
  const original = globalThis.fetch;
  globalThis.fetch = async (...given) => {
    const request = new Request(...given);
    const url = new URL(request.url);
    if (LOOPBACK.test(url.hostname)) return original(...given);
    const headers = Object.fromEntries(request.headers);
    const body = new Uint8Array(await request.arrayBuffer());
    try {
      return fetchResponse(await answer({ method: request.method, url, headers, body }));
    } catch (cause) {
      throw new TypeError('fetch failed', { cause });
    }
  };
  return () => {
    globalThis.fetch = original;
  };
}

/**
 * From now on requests to AWS, by http(s) or fetch, are answered by this gateway; loopback passes; any other host fails
 * loudly: a simulation that reaches the network is broken. Returns a function that ends it.
 */
export function interceptAws(gateway: Gateway): () => void {
  const answer = answerBy(gateway);
  const undo = [replaceRequests(http, 'http:', answer), replaceRequests(https, 'https:', answer), replaceFetch(answer)];
  // Whoever imported `request` by name from node:https holds the original until told.
  syncBuiltinESMExports();
  return () => {
    for (const each of undo) each();
    syncBuiltinESMExports();
  };
}
