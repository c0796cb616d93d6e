import type { NormalizedSchema } from '@smithy/core/schema';
import type { Api, ApiOperation } from './api.ts';
import type { WireReply, WireRequest } from './message.ts';

/** An error on its way out, completed from the API's own shapes. */
export interface WireError {
  /** Shape name: `NotFoundException`. */
  readonly name: string;
  /** Code of the query protocols: `NotFound`. */
  readonly queryCode: string;
  readonly message: string;
  readonly status: number;
  /** Further members of the shape, already serialisable as JSON. */
  readonly members: Readonly<Record<string, unknown>>;
}

/** One of AWS's wire protocols (Smithy documentation, "AWS protocols"), seen from the service. */
export interface Protocol {
  readonly name: 'ec2Query' | 'awsQuery' | 'awsJson' | 'restJson1' | 'restXml' | 'rpcv2Cbor' | 'domainHttp';
  /** The operation that is asked for, known or not. */
  operationName(api: Api, request: WireRequest): string | undefined;
  decode(operation: ApiOperation, request: WireRequest): Promise<unknown>;
  encode(api: Api, operation: ApiOperation, output: unknown, requestId: string): WireReply;
  encodeError(api: Api, error: WireError, requestId: string): WireReply;
}

/** Bodies by schema. */
export interface Codec {
  read(schema: NormalizedSchema, body: Uint8Array): Promise<unknown>;
  write(schema: NormalizedSchema, value: unknown): Uint8Array;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** UTF-8 bytes of a text; bytes stay as they are. */
export function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? encoder.encode(content) : content;
}

/** The text of UTF-8 bytes. */
export function textOf(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** An operation's result as a record; a service function may return nothing. */
export function recordOf(output: unknown): Readonly<Record<string, unknown>> {
  return typeof output === 'object' && output !== null ? { ...output } : {};
}
