/** Answers every request that this process makes to AWS by the gateway, in process: the very bundles run unchanged. */
import { syncBuiltinESMExports } from 'node:module';
import { ClientRequestInterceptor } from '@mswjs/interceptors/ClientRequest';
import { FetchInterceptor } from '@mswjs/interceptors/fetch';
import type { Gateway } from './gateway.ts';
import { LostReply, queryOf, type WireReply, type WireRequest } from './wire/message.ts';

const AWS_HOST = /\.amazonaws\.com(\.cn)?$|\.api\.aws$/;
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[?::1\]?)$/;
/** Statuses for which a Response may have no body (Fetch standard, "null body status"). */
const WITHOUT_BODY = new Set([101, 204, 205, 304]);

async function wireRequest(request: Request): Promise<WireRequest> {
  const url = new URL(request.url);
  return {
    method: request.method,
    host: url.hostname,
    path: url.pathname,
    query: queryOf(url.searchParams),
    headers: Object.fromEntries(request.headers),
    body: new Uint8Array(await request.arrayBuffer()),
  };
}

function fetchResponse({ status, headers, body }: WireReply): Response {
  const content = WITHOUT_BODY.has(status) ? null : new Uint8Array(body);
  return new Response(content, { status, headers: { ...headers, 'content-length': String(body.length) } });
}

function connectionReset(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', errno: -104, syscall: 'read' });
}

interface Intercepted {
  readonly request: Request;
  readonly controller: { respondWith(response: Response): unknown; errorWith(reason?: Error): unknown };
}

async function answer(gateway: Gateway, { request, controller }: Intercepted): Promise<void> {
  const { hostname } = new URL(request.url);
  if (LOOPBACK.test(hostname)) return;
  if (!AWS_HOST.test(hostname)) {
    controller.errorWith(new Error(`The simulation must not reach the network: ${request.method} ${request.url}`));
    return;
  }
  try {
    controller.respondWith(fetchResponse(await gateway.handle(await wireRequest(request))));
  } catch (error) {
    controller.errorWith(error instanceof LostReply ? connectionReset() : new Error(String(error), { cause: error }));
  }
}

/**
 * From now on requests to AWS, by http(s) or fetch, are answered by this gateway; loopback passes; any other host fails
 * loudly: a simulation that reaches the network is broken. Returns a function that ends it.
 */
export function interceptAws(gateway: Gateway): () => void {
  const interceptors = [new ClientRequestInterceptor(), new FetchInterceptor()];
  for (const interceptor of interceptors) {
    interceptor.apply();
    interceptor.on('request', (intercepted) => answer(gateway, intercepted));
  }
  // Whoever imported `request` by name from node:https holds the original until told.
  syncBuiltinESMExports();
  return () => {
    for (const interceptor of interceptors) interceptor.dispose();
    syncBuiltinESMExports();
  };
}
