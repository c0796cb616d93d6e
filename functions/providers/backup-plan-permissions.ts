/**
 * What a recovery may do to what plans of AWS Backup have copied, beside what its kinds may do to their own. Resource types and condition keys after
 * the service authorization references:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbackup.html
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */
import type { MemberKind } from '#domain/member-kinds.ts';
import type { Permissions, Statement } from './permissions.ts';

/**
 * AWS Backup does not say that a rule's tags are on an image, and on the snapshots of an image: what is this account's own may become a volume, or
 * be launched. On points of EFS, which are AWS Backup's own, they are.
 */
const fromOwn = (action: string, type: 'image' | 'snapshot'): Statement => ({
  actions: [action],
  resources: [`arn:\${partition}:ec2:\${region}::${type}/*`],
  conditions: { StringEquals: { 'ec2:Owner': '${account}' } },
});

/**
 * @param vaults ARNs of the plans'
 * @param kinds of the policy's members
 */
export function backupPlanPermissions(vaults: readonly string[], kinds: ReadonlySet<MemberKind>): Permissions {
  const [hasVolumes, hasImages] = [kinds.has('ebs'), kinds.has('ami')];
  return {
    'plan-recovery': [
      { actions: ['backup:ListRecoveryPointsByBackupVault'], resources: vaults },
      ...(hasVolumes || hasImages ? [{ actions: ['ec2:DescribeImages'], resources: ['*'] }] : []),
    ],
    'create-volumes': [
      ...(hasVolumes ? [fromOwn('ec2:CreateVolume', 'snapshot')] : []),
      ...(hasImages ? [fromOwn('ec2:RunInstances', 'image')] : []),
    ],
  };
}
