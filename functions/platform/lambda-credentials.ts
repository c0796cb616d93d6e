/**
 * Stands in for `@aws-sdk/credential-provider-node` in the bundles (`infra/bundle-settings.ts`): Lambda puts a function's credentials into
 * its environment, and there is nothing else to look for. The full chain (SSO, profiles, web identity, instance metadata) is over
 * 100 KB of a bundle; outside of Lambda, for the CLI, it stays.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
import type { AwsCredentialIdentity } from '@smithy/types';
import { environment } from './environment.ts';

/** @returns the function's credentials, which stay the same for as long as its process lives */
export const defaultProvider = () => async (): Promise<AwsCredentialIdentity> => environment.credentials();
