import { EC2Client, type EC2ClientConfig } from '@aws-sdk/client-ec2';
import { lazy } from '../lazy.ts';

/** The SDK waits for ever for a connection that died: better asked again than a function that runs out of its time. */
const patience = {
  requestHandler: {
    connectionTimeout: 3000,
    requestTimeout: 10_000,
    socketTimeout: 10_000,
    throwOnRequestTimeout: true,
  },
} as const satisfies EC2ClientConfig;

export const ec2 = lazy(() => new EC2Client(patience));

/**
 * For creates that take no client token (CreateSnapshots and friends): the SDK repeats a call whose reply was lost, and each
 * repeat makes another set. One attempt only; the caller looks up what exists before it tries again.
 */
export const ec2Once = lazy(() => new EC2Client({ ...patience, maxAttempts: 1 }));
