/** HTTP to AWS, once: by the SDK's own package, with the time-outs of whatever is called here. */
import type { HttpRequest, HttpResponse } from '@smithy/core/transport';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Reply } from './reply-error.ts';

export interface RequestHandler {
  handle(request: HttpRequest): Promise<{ readonly response: HttpResponse }>;
}

const connectTimeoutMs = 3000;
/** No operation that is called here takes more than a second or two; a connection that died says nothing at all. */
const usualReplyTimeoutMs = 10_000;

/** @param timeoutMs for the connection, and for the reply after it, whatever is usual */
export const transport = (replyTimeoutMs = usualReplyTimeoutMs, timeoutMs?: number): RequestHandler =>
  new NodeHttpHandler({
    connectionTimeout: timeoutMs ?? connectTimeoutMs,
    requestTimeout: timeoutMs ?? replyTimeoutMs,
    socketTimeout: timeoutMs ?? replyTimeoutMs,
    throwOnRequestTimeout: true,
  });

export async function replyOf({ statusCode, headers, body }: HttpResponse): Promise<Reply> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return { statusCode, headers, body: Buffer.concat(chunks).toString() };
}
