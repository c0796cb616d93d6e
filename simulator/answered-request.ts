/** Stands in for a `ClientRequest` of node:http: no socket, no port, no parser. Whoever made it sees what an HTTP client would see. */
import { EventEmitter } from 'node:events';
import type {
  ClientRequest,
  IncomingHttpHeaders,
  IncomingMessage,
  OutgoingHttpHeaders,
  RequestOptions,
} from 'node:http';
import { Readable, Writable } from 'node:stream';
import type { WireReply } from './wire/message.ts';

/** What was asked, once its body is complete. */
export interface Asked {
  readonly method: string;
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export type Answer = (asked: Asked) => Promise<WireReply>;

type OnResponse = (response: IncomingMessage) => void;

/** A connected socket as far as clients look at it: it can be idle for too long, and be destroyed. */
class StandInSocket extends EventEmitter {
  readonly connecting = false;
  destroyed = false;
  #idle: ReturnType<typeof setTimeout> | undefined;

  setTimeout(ms: number, onTimeout?: () => void): this {
    clearTimeout(this.#idle);
    if (onTimeout) this.once('timeout', onTimeout);
    if (ms > 0) this.#idle = setTimeout(() => this.emit('timeout'), ms);
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  destroy(): this {
    clearTimeout(this.#idle);
    this.destroyed = true;
    return this;
  }
}

function textHeaders(headers: OutgoingHttpHeaders | readonly string[]): Record<string, string> {
  if (Array.isArray(headers)) throw new Error('Headers as a list are not simulated.');
  const given = Object.entries(headers).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name.toLowerCase(), String(value)]));
}

/** The reply as a stream with its status and headers. */
function responseOf({ status, headers, body }: WireReply): Readable {
  const names: IncomingHttpHeaders = { ...headers, 'content-length': String(body.length) };
  const response = new Readable({ read: () => undefined });
  Object.assign(response, {
    statusCode: status,
    statusMessage: '',
    headers: names,
    complete: true,
    httpVersion: '1.1',
  });
  if (body.length > 0) response.push(body);
  response.push(null);
  return response;
}

class AnsweredRequest extends Writable {
  readonly socket = new StandInSocket();
  readonly #url: URL;
  readonly #method: string;
  readonly #headers: Record<string, string>;
  readonly #answer: Answer;
  readonly #chunks: Uint8Array[] = [];

  constructor(url: URL, { method = 'GET', headers = {} }: RequestOptions, answer: Answer) {
    // It ends with the response, not with its own last byte.
    super({ autoDestroy: false });
    this.#url = url;
    this.#method = method;
    this.#headers = textHeaders(headers);
    this.#answer = answer;
    this.socket.on('timeout', () => this.emit('timeout'));
    queueMicrotask(() => this.emit('socket', this.socket));
  }

  setHeader(name: string, value: unknown): this {
    this.#headers[name.toLowerCase()] = String(value);
    return this;
  }

  setTimeout(ms: number, onTimeout?: () => void): this {
    this.socket.setTimeout(ms, onTimeout);
    return this;
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }

  override _final(done: () => void): void {
    done();
    const asked = { method: this.#method, url: this.#url, headers: this.#headers, body: Buffer.concat(this.#chunks) };
    this.#answer(asked).then(
      (reply) => this.#respond(reply),
      (error: Error) => this.destroy(error),
    );
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.socket.destroy();
    done(error);
  }

  #respond(reply: WireReply): void {
    if (this.destroyed) return;
    const response = responseOf(reply);
    response.once('close', () => this.destroy());
    this.emit('response', response);
  }
}

/** A request that `answer` answers when it has been written to its end. A rejection of `answer` becomes the request's error. */
export function answeredRequest(
  url: URL,
  options: RequestOptions,
  answer: Answer,
  onResponse?: OnResponse,
): ClientRequest {
  const request = new AnsweredRequest(url, options, answer);
  if (onResponse) request.once('response', onResponse);
  // What clients use of a ClientRequest is there; the rest of it belongs to sockets.
  return request as unknown as ClientRequest;
}
