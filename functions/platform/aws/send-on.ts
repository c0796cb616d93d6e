/** Sends on what another function has signed: as it is, once, and nowhere but to the host that it is signed for. */
import { HttpRequest } from '@smithy/core/transport';
import { lazy } from '../lazy.ts';
import type { Reply } from './reply-error.ts';
import { replyOf, transport } from './transport.ts';

export interface SignedRequest {
  readonly host: string;
  readonly method: string;
  readonly path: string;
  /** With the signature. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const usual = lazy(() => transport());

/** @throws the socket's error, or a TimeoutError, when there is no reply */
export async function sendOn({ host, headers, ...request }: SignedRequest): Promise<Reply> {
  const sent = new HttpRequest({ ...request, protocol: 'https:', hostname: host, headers: { ...headers, host } });
  return replyOf((await usual().handle(sent)).response);
}
