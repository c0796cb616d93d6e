/** The same region over HTTP on loopback, for the AWS CLI and any other SDK (`AWS_ENDPOINT_URL`). */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Gateway } from './gateway.ts';
import { LostReply, queryOf, type WireRequest } from './wire/message.ts';

export interface RegionServer {
  /** `http://127.0.0.1:4566` */
  readonly url: string;
  close(): Promise<void>;
}

async function wireRequest(request: IncomingMessage): Promise<WireRequest> {
  const url = new URL(request.url ?? '/', `http://${request.headers.host ?? '127.0.0.1'}`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const headers = Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(',')]);
  return {
    method: request.method ?? 'GET',
    host: url.hostname,
    origin: url.origin,
    path: url.pathname,
    query: queryOf(url.searchParams),
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks),
  };
}

async function answer(gateway: Gateway, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const { status, headers, body } = await gateway.handle(await wireRequest(request));
    response.writeHead(status, { ...headers, 'content-length': body.length }).end(body);
  } catch (error) {
    if (!(error instanceof LostReply)) console.error(error);
    request.socket.destroy();
  }
}

/**
 * Serves the gateway on 127.0.0.1. Port 0 (the default) takes a free one.
 * @throws the listening error, e.g. EADDRINUSE.
 */
export async function serveRegion(gateway: Gateway, port = 0): Promise<RegionServer> {
  const server = createServer((request, response) => void answer(gateway, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
