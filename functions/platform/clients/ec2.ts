import { EC2Client } from '@aws-sdk/client-ec2';
import { lazy } from '../lazy.ts';
import { patience } from '../patience.ts';

export const ec2 = lazy(() => new EC2Client(patience));

/**
 * For creates that take no client token (CreateSnapshots and friends): the SDK repeats a call whose reply was lost, and each
 * repeat makes another set. One attempt only; the caller looks up what exists before it tries again.
 */
export const ec2Once = lazy(() => new EC2Client({ ...patience, maxAttempts: 1 }));

const elsewhere = new Map<string, { readonly client: EC2Client; readonly once: EC2Client }>();

/** EC2 of another Region; `once`: one attempt only, as above. */
export function ec2In(region: string): { readonly client: EC2Client; readonly once: EC2Client } {
  const made = elsewhere.get(region) ?? {
    client: new EC2Client({ ...patience, region }),
    once: new EC2Client({ ...patience, region, maxAttempts: 1 }),
  };
  elsewhere.set(region, made);
  return made;
}
