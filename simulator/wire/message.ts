/** HTTP as the gateway sees it, whatever brought it: an interceptor, a request handler or a socket. */
export interface WireRequest {
  readonly method: string;
  /** Host name without port. */
  readonly host: string;
  /** Where the caller reached the region when that was no name of AWS's: `http://127.0.0.1:4599`. */
  readonly origin?: string;
  /** Percent-encoded, without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface WireReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Thrown instead of a reply when a fault lost it: whoever carries the request must reset the connection. */
export class LostReply extends Error {
  override readonly name = 'LostReply';
  readonly code = 'ECONNRESET';
  readonly syscall = 'read';
  constructor() {
    super('read ECONNRESET');
  }
}

/** Query parameters of a URL; a name given more than once becomes a list. */
export function queryOf(parameters: URLSearchParams): Record<string, string | readonly string[]> {
  const query: Record<string, string | readonly string[]> = {};
  for (const name of new Set(parameters.keys())) {
    const [first = '', ...others] = parameters.getAll(name);
    query[name] = others.length === 0 ? first : [first, ...others];
  }
  return query;
}
