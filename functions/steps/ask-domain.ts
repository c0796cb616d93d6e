/**
 * Carries requests to the one domain that it stands beside in a VPC, which Holdfast's other functions cannot reach. They are signed by whoever asks, so the
 * domain and IAM see that role and its rights: this one has none to any domain.
 */

import type * as z from 'zod/mini';
import { invalidRequest } from '#domain/faults.ts';
import { sendOn } from '#platform/aws/send-on.ts';
import { carriedDomain, environment } from '#platform/environment.ts';
import { step } from '#platform/step.ts';
import { carriedRequest, isEndpointOf } from '#providers/opensearch/carried-request.ts';

export interface Output {
  /** Of HTTP. */
  readonly status: number;
  readonly body: string;
}

export async function askDomain(request: z.infer<typeof carriedRequest>): Promise<Output> {
  const domain = carriedDomain();
  if (!isEndpointOf(domain, environment.region(), request.host))
    throw invalidRequest(`${request.host} is no endpoint of opensearch ${domain} in its VPC.`);
  const { statusCode: status, body } = await sendOn(request);
  return { status, body };
}

export const handler = step('ask-domain', carriedRequest, askDomain);
