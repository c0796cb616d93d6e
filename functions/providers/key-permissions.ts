import type { Statement } from './permissions.ts';

/** Keys belong to whoever made the resource, and may be another account's. */
const resources = ['arn:${partition}:kms:${region}:*:key/*'];

/**
 * Services that use a customer managed key on behalf of whoever has them make or change what it encrypts: they look at it, and are granted its use. The
 * AWS managed key needs no right.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html#Overview.Encryption.Keys.Authorizing
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/at-rest-encryption.html
 * https://docs.aws.amazon.com/memorydb/latest/devguide/at-rest-encryption.html
 * @param services through which alone keys are used, as in their host names
 */
export function usingKeys(...services: readonly string[]): readonly Statement[] {
  const through = { 'kms:ViaService': services.map((service) => `${service}.\${region}.amazonaws.com`) };
  const forAws = { Bool: { 'kms:GrantIsForAWSResource': 'true' } };
  return [
    { actions: ['kms:CreateGrant'], resources, conditions: { StringEquals: through, ...forAws } },
    { actions: ['kms:DescribeKey'], resources, conditions: { StringEquals: through } },
  ];
}
