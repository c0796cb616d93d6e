/** For tests: an AWS service on loopback that answers from a script, and keeps what it was sent. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * A reply. Or none: the connection breaks before it or in the middle of it (`half`), stays open in the middle (`stalled`), or before, with
 * not a word (`silence`) or words that are no reply (`dawdling`).
 */
export type Answer =
  | { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  | 'reset'
  | 'half'
  | 'stalled'
  | 'silence'
  | 'dawdling';

export interface LoopbackService {
  readonly url: string;
  readonly received: readonly Received[];
  close(): Promise<void>;
}

/** @param respond the answer to a request before which there were `earlier` others */
export async function loopbackService(respond: (earlier: number) => Answer): Promise<LoopbackService> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const earlier = received.length;
    received.push(await receivedOf(request));
    give(respond(earlier), request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { url: `http://127.0.0.1:${address.port}`, received, close };
}

async function receivedOf(request: IncomingMessage): Promise<Received> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
    body: Buffer.concat(chunks).toString(),
  };
}

function give(answer: Answer, request: IncomingMessage, response: ServerResponse): void {
  if (answer === 'silence') return;
  if (answer === 'reset') {
    request.socket.destroy();
  } else if (answer === 'dawdling') {
    const timer = setInterval(() => response.writeProcessing(), 20);
    request.socket.once('close', () => clearInterval(timer));
  } else if (answer === 'half' || answer === 'stalled') {
    response.writeHead(200, { 'content-length': 100 });
    response.write('{"half', () => answer === 'half' && request.socket.destroy());
  } else {
    response.writeHead(answer.status, answer.headers).end(answer.body ?? '{}');
  }
}
