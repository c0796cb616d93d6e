import { HttpResponse } from '@smithy/core/transport';
import type { HttpRequest } from '@smithy/types';
import { LostReply, type WireReply, type WireRequest } from './message.ts';
import { bytesOf } from './protocol.ts';

interface AnswersRequests {
  handle(request: WireRequest): Promise<WireReply>;
}

function bodyOf(body: unknown): Uint8Array {
  if (typeof body === 'string' || body instanceof Uint8Array) return bytesOf(body);
  if (body === undefined || body === null) return new Uint8Array();
  throw new Error('The simulated region takes no streamed request bodies');
}

function wireRequest(request: HttpRequest): WireRequest {
  const headers = Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]);
  const query = Object.entries(request.query ?? {}).flatMap(([name, value]) => (value === null ? [] : [[name, value]]));
  return {
    method: request.method,
    host: request.hostname,
    path: request.path,
    query: Object.fromEntries(query),
    headers: Object.fromEntries(headers),
    body: bodyOf(request.body),
  };
}

/** A connection that broke, as Node's http module reports it. */
function connectionReset(): Error {
  return Object.assign(new Error('read ECONNRESET'), { name: 'ECONNRESET', code: 'ECONNRESET', syscall: 'read' });
}

/** A `requestHandler` for SDK clients that asks this gateway directly: no socket, no interception. */
export function gatewayRequestHandler(gateway: AnswersRequests) {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request: HttpRequest): Promise<{ response: HttpResponse }> {
      try {
        const { status, headers, body } = await gateway.handle(wireRequest(request));
        return { response: new HttpResponse({ statusCode: status, headers: { ...headers }, body }) };
      } catch (error) {
        throw error instanceof LostReply ? connectionReset() : error;
      }
    },
  };
}
