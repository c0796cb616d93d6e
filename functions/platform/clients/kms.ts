/** KMS, as far as the functions use it. */
import type { DescribeKeyCommandInput } from '@aws-sdk/client-kms';
import * as z from 'zod/mini';
import type { CallerSettings } from '../aws/aws-caller.ts';
import { jsonCaller } from '../aws/json-caller.ts';
import { lazy } from '../lazy.ts';

const described = z.object({ KeyMetadata: z.optional(z.object({ KeyState: z.optional(z.string()) })) });

export interface Kms {
  describeKey(input: DescribeKeyCommandInput): Promise<z.infer<typeof described>>;
}

export const kmsService = { id: 'KMS', host: 'kms', version: '1.1', target: 'TrentService' } as const;

export const kms: () => Kms = lazy(() => kmsOver());

export function kmsOver(settings?: CallerSettings): Kms {
  const call = jsonCaller(kmsService, settings);
  return { describeKey: (input) => call('DescribeKey', input, described) };
}
