import { Effect, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Policy } from '#domain/policy.ts';
import type { Statement } from '#providers/permissions.ts';
import { backedUpMembers } from './backup-vault.ts';
import { grant } from './grant.ts';
import { restoreStatements } from './restore-statements.ts';
import { statementOf, whereValues } from './statement-of.ts';
import { keyStatements, type Vault } from './vault.ts';

/** A role that AWS Backup assumes, with policies of AWS's own. */
export const roleForBackup = (scope: Construct, id: string, policies: readonly string[]): Role =>
  new Role(scope, id, {
    assumedBy: new ServicePrincipal('backup.amazonaws.com'),
    managedPolicies: policies.map((name) => ManagedPolicy.fromAwsManagedPolicyName(name)),
  });

/** What the role has: AWS's policies where there are plans, which may copy anything, else statements of the members' types. */
export interface RestoreRights {
  readonly policies: readonly string[];
  readonly statements: readonly Statement[];
}

export const restoreRights = (policy: Policy): RestoreRights =>
  (policy.plans ?? []).length > 0
    ? { policies: restorePolicies, statements: [] }
    : { policies: [], statements: restoreStatements(backedUpMembers(policy)) };

const restorePolicies = [
  'service-role/AWSBackupServiceRolePolicyForRestores',
  'AWSBackupServiceRolePolicyForS3Restore',
];

/**
 * In which a recovery, or a person, has AWS Backup restore. AWS's policy would hand any role of the account to what is restored: an instance comes
 * back without its profile instead.
 */
export function createRestoreRole(scope: Construct, policy: Policy, planVaults: readonly Vault[]): Role {
  const { policies, statements } = restoreRights(policy);
  const role = roleForBackup(scope, 'RestoreRole', policies);
  const handingOn = new PolicyStatement({ effect: Effect.DENY, actions: ['iam:PassRole'], resources: ['*'] });
  const ofTypes = statements.map((each) => statementOf(each, whereValues));
  // What AWS Backup manages fully is under its vault's key, whatever its own was.
  const ofKeys = planVaults.flatMap(({ key }) => keyStatements(key));
  grant(role, [handingOn, ...ofTypes, ...ofKeys], policies.length);
  return role;
}
