/** KMS, as far as the functions use it. */
import type { DescribeKeyCommandInput } from '@aws-sdk/client-kms';
import * as z from 'zod/mini';
import { lazy } from '../lazy.ts';
import type { CallerSettings } from './aws-caller.ts';
import { jsonCaller } from './json-caller.ts';

const described = z.object({ KeyMetadata: z.optional(z.object({ KeyState: z.optional(z.string()) })) });

export interface Kms {
  describeKey(input: DescribeKeyCommandInput): Promise<z.infer<typeof described>>;
}

const service = { id: 'KMS', host: 'kms', version: '1.1', target: 'TrentService' } as const;

export const kms: () => Kms = lazy(() => kmsOver());

export function kmsOver(settings?: CallerSettings): Kms {
  const call = jsonCaller(service, settings);
  return { describeKey: (input) => call('DescribeKey', input, described) };
}
