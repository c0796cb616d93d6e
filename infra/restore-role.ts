import { Effect, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** A role that AWS Backup assumes, with policies of AWS's own. */
export const roleForBackup = (scope: Construct, id: string, policies: readonly string[]): Role =>
  new Role(scope, id, {
    assumedBy: new ServicePrincipal('backup.amazonaws.com'),
    managedPolicies: policies.map((name) => ManagedPolicy.fromAwsManagedPolicyName(name)),
  });

export const restorePolicies = [
  'service-role/AWSBackupServiceRolePolicyForRestores',
  'AWSBackupServiceRolePolicyForS3Restore',
];

/**
 * In which a recovery, or a person, has AWS Backup restore. AWS's policy would hand any role of the account to what is restored: an instance comes
 * back without its profile instead.
 */
export function createRestoreRole(scope: Construct): Role {
  const role = roleForBackup(scope, 'RestoreRole', restorePolicies);
  role.addToPolicy(new PolicyStatement({ effect: Effect.DENY, actions: ['iam:PassRole'], resources: ['*'] }));
  return role;
}
