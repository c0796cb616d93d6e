/**
 * Keys that a service uses on behalf of whoever has it make or change what they encrypt. RDS User Guide, Overview.Encryption.Keys; ElastiCache User
 * Guide, at-rest-encryption; MemoryDB Developer Guide, at-rest-encryption.
 */
import { arn } from '../iam/arn.ts';
import type { Access, Kernel } from '../kernel/service.ts';

type Place = Pick<Kernel, 'account' | 'regionName'>;

/** The AWS managed key of a service, which asks for no right. */
export const managedKeyArn = (place: Place, service: string): string => arn(place, 'kms', `key/aws-managed-${service}`);

/**
 * What the caller must be allowed to do with customer managed keys.
 * @param service as in its host name
 * @param keys ARNs; those of what is not encrypted are undefined
 */
export function keyAccess(place: Place, service: string, keys: readonly (string | undefined)[]): readonly Access[] {
  const through = { 'kms:ViaService': `${service}.${place.regionName}.amazonaws.com` };
  const own = [...new Set(keys)].filter((key) => key !== undefined && key !== managedKeyArn(place, service));
  return own.flatMap((resource = '') => [
    { action: 'kms:CreateGrant', resource, context: { ...through, 'kms:GrantIsForAWSResource': 'true' } },
    { action: 'kms:DescribeKey', resource, context: through },
  ]);
}
