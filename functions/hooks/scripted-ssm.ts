/** For tests: the functions' own SSM client, whose wire answers from a script, one answer a call; the last one is given again. */
import { HttpResponse } from '@smithy/core/transport';
import * as z from 'zod/mini';
import { type Ssm, ssmOver } from '#platform/clients/ssm.ts';

/** A JSON body, or an error that SSM answers with. */
export type WireAnswer = Readonly<Record<string, unknown>> | { readonly error: string };

export interface WireCall {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface ScriptedSsm {
  readonly ssm: Ssm;
  readonly calls: readonly WireCall[];
}

const wireRequest = z.object({
  headers: z.record(z.string(), z.string()),
  body: z.union([z.string(), z.instanceof(Uint8Array)]),
});
const wireBody = z.record(z.string(), z.unknown());

/** @param respond what SSM answers to a call, `earlier` calls having been made of the same operation */
export function scriptedSsm(respond: (call: WireCall, earlier: number) => WireAnswer): ScriptedSsm {
  const calls: WireCall[] = [];
  const handle = async (request: unknown) => {
    const { headers, body } = wireRequest.parse(request);
    const operation = headers['x-amz-target']?.split('.')[1] ?? '';
    const call = { operation, input: wireBody.parse(JSON.parse(textOf(body))) };
    const earlier = calls.filter((other) => other.operation === operation).length;
    calls.push(call);
    return { response: wireResponse(respond(call, earlier)) };
  };
  const ssm = ssmOver({
    region: 'eu-central-1',
    credentials: async () => ({ accessKeyId: 'test', secretAccessKey: 'test' }),
    maxAttempts: 1,
    requestHandler: { handle },
  });
  return { ssm, calls };
}

function wireResponse(answer: WireAnswer) {
  const failed = 'error' in answer;
  const body = failed ? { __type: answer.error, message: 'scripted' } : answer;
  return new HttpResponse({
    statusCode: failed ? 400 : 200,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: [new TextEncoder().encode(JSON.stringify(body))],
  });
}

const textOf = (body: string | Uint8Array): string =>
  typeof body === 'string' ? body : new TextDecoder().decode(body);
