/**
 * AWS JSON 1.0 and 1.1: every operation is a POST of its input to `/`, named in a header.
 * https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
 */
import { loadJsonRpcErrorCode } from '@smithy/core/protocols';
import * as z from 'zod/mini';
import { parsedJson } from '../parsed-json.ts';
import { awsCaller, type CallerSettings, type Protocol } from './aws-caller.ts';
import type { Refusal, Reply } from './reply-error.ts';

export interface JsonService extends Omit<Protocol, 'refusal'> {
  readonly version: '1.0' | '1.1';
  /** Before the operation's name in `X-Amz-Target`. */
  readonly target: string;
}

/** Seconds since 1970, as AWS JSON writes times. */
export const epochSeconds = z.pipe(
  z.number(),
  z.transform((seconds) => new Date(seconds * 1000)),
);

const refusalSchema = z.object({ message: z.optional(z.string()), Message: z.optional(z.string()) });

/**
 * @returns a function that calls an operation, and gives the part of its reply that `schema` names
 * @throws what `awsCaller` throws; ZodError when the reply is not what AWS's documentation says
 */
export function jsonCaller(service: JsonService, settings?: CallerSettings) {
  const call = awsCaller({ ...service, refusal }, settings);
  return async <Output>(operation: string, input: object, schema: z.ZodMiniType<Output>): Promise<Output> => {
    const headers = {
      'content-type': `application/x-amz-json-${service.version}`,
      'x-amz-target': `${service.target}.${operation}`,
    };
    return z.parse(schema, parsedJson(await call({ path: '/', headers, body: JSON.stringify(input) })));
  };
}

function refusal(reply: Reply): Refusal {
  const body = parsedJson(reply.body);
  return { code: loadJsonRpcErrorCode({ ...reply }, body ?? {}), message: messageOf(body) };
}

/** Of an error in JSON: services write it with either first letter. */
export function messageOf(body: unknown): string | undefined {
  const { message, Message } = z.safeParse(refusalSchema, body).data ?? {};
  return message ?? Message;
}
