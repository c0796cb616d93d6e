/**
 * Stands in for `@aws-sdk/credential-provider-node` in the bundles (`infra/bundle.ts`): Lambda puts a function's credentials into
 * its environment, and there is nothing else to look for. The full chain (SSO, profiles, web identity, instance metadata) is a
 * quarter of a bundle; outside of Lambda, for the CLI, it stays.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
