import { EC2Client } from '@aws-sdk/client-ec2';
import { lazy } from '../lazy.ts';
import { patience } from '../patience.ts';

export const ec2 = lazy(() => new EC2Client(patience));

/**
 * For creates that take no client token (CreateSnapshots and friends): the SDK repeats a call whose reply was lost, and each
 * repeat makes another set. One attempt only; the caller looks up what exists before it tries again.
 */
export const ec2Once = lazy(() => new EC2Client({ ...patience, maxAttempts: 1 }));
