/**
 * The way to a domain inside a VPC: requests that are signed here, with this caller's rights, are carried to it by the function that the stack has in
 * that VPC (`steps/ask-domain.ts`). It stands in the place of the socket, so that replies, and what is tried again, are as with any other domain.
 */
import { Readable } from 'node:stream';
import { HttpResponse } from '@smithy/core/transport';
import * as z from 'zod/mini';
import { askFunctionName } from '#domain/ask-function-name.ts';
import { invariantBroken } from '#domain/faults.ts';
import type { CallerSettings } from './aws/aws-caller.ts';
import type { RequestHandler } from './aws/transport.ts';
import { codeOf } from './aws-errors.ts';
import { lambdaOver } from './clients/lambda.ts';
import { environment } from './environment.ts';
import { parsedJson } from './parsed-json.ts';

/** https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html */
export const isInVpc = (host: string): boolean => host.startsWith('vpc-');

/** Name of an error: there is nobody in the VPC who could be asked to carry requests. */
export const nobodyInside = 'NobodyInside';

/** Longer than that function may take. Three attempts are still shorter than the functions that ask may take. */
const timeoutMs = 15_000;

const carried = z.object({ status: z.number(), body: z.string() });
const failed = z.object({ errorType: z.string(), errorMessage: z.string() });

export function domainCarrier(settings?: CallerSettings): RequestHandler {
  // Whoever asks the domain tries again, as if it were the domain's own socket that had failed.
  const { invoke } = lambdaOver({ timeoutMs, ...settings, maxAttempts: 1 });
  return {
    handle: async ({ method, hostname: host, path, headers, body }) => {
      const name = askFunctionName(environment.stack(), domainOf(host));
      const payload = await invoke(name, { host, method, path, headers, body }).catch(unlessMissing(name, host));
      const answer = z.safeParse(carried, parsedJson(payload));
      if (!answer.success) throw unanswered(name, host, payload);
      const { status: statusCode, body: text } = answer.data;
      return { response: new HttpResponse({ statusCode, headers: {}, body: Readable.from([Buffer.from(text)]) }) };
    },
  };
}

/** `vpc-<name>-<id>.eu-west-1.es.amazonaws.com` */
const domainOf = (host: string): string => /^vpc-([^.]+)-[^-.]+\./.exec(host)?.[1] ?? host;

const unlessMissing =
  (name: string, host: string) =>
  (error: unknown): never => {
    if (!['ResourceNotFoundException', 'AccessDeniedException'].includes(codeOf(error))) throw error;
    const words = `${host} answers inside its VPC only, and the function ${name}, which would carry requests to it, is not there, or may not be invoked: give the domain’s member its network, and deploy`;
    throw Object.assign(new Error(words, { cause: error }), { name: nobodyInside, $metadata: { httpStatusCode: 403 } });
  };

/** Of what it does not let pass: our bug. Else it is as if the domain had not answered. */
function unanswered(name: string, host: string, payload: string): Error {
  const { errorType, errorMessage = payload.slice(0, 500) } = z.safeParse(failed, parsedJson(payload)).data ?? {};
  if (errorType === 'InvalidRequest') return invariantBroken(`${name} does not carry this request: ${errorMessage}`);
  const words = `${name} has no answer of ${host} (${errorMessage}): its subnets must be in the domain’s VPC, and the domain’s security groups must let its own in at port 443`;
  return Object.assign(new Error(words), { name: 'TimeoutError' });
}
