/** A line to a served region that can be broken: what commands see of an AWS that does not answer, though it goes on working. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface Relay {
  readonly url: string;
  /**
   * What happens to a call from now on. `pass` (at first): it is carried there and back. `refuse`: it does not arrive. `lose`: it arrives,
   * and its reply does not. Else the reply that is given in the place of AWS's.
   */
  treat(calls: (call: Call) => 'pass' | 'refuse' | 'lose' | { readonly status: number; readonly body: string }): void;
  close(): void;
}

export interface Call {
  /** `AWSStepFunctions.StartExecution`; empty where a service does not tell so. */
  readonly target: string;
  readonly path: string;
  readonly body: string;
}

export async function relayTo(url: string): Promise<Relay> {
  let treatment: Parameters<Relay['treat']>[0] = () => 'pass';
  const server = createServer(async (incoming, outgoing) => {
    const body = await buffer(incoming);
    const { 'x-amz-target': target = '' } = incoming.headers;
    const how = treatment({ target: String(target), path: incoming.url ?? '', body: body.toString() });
    if (how === 'refuse') return void incoming.socket.destroy();
    if (how === 'pass' || how === 'lose') return carry(url, incoming, body, how === 'pass' ? outgoing : undefined);
    outgoing.writeHead(how.status, { 'content-type': 'application/x-amz-json-1.0' }).end(how.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an address of this shape.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    treat: (calls) => {
      treatment = calls;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Without `back` the connection is broken once the call is done. */
function carry(url: string, incoming: IncomingMessage, body: Buffer, back: ServerResponse | undefined): void {
  const { method = 'POST', headers, url: path = '' } = incoming;
  const onward = request(new URL(path, url), { method, headers }, (reply) => {
    if (back === undefined) {
      reply.resume().once('end', () => incoming.socket.destroy());
      return;
    }
    back.writeHead(reply.statusCode ?? 500, reply.headers);
    reply.pipe(back);
  });
  onward.once('error', () => incoming.socket.destroy());
  onward.end(body);
}
