/** Where AWS Backup copies members to, and the role in which it does: only of a policy with members that it copies. */
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { kindFacts } from '#domain/member-kinds.ts';
import type { ManagedMember, Policy } from '#domain/policy.ts';
import { rightsToCopy } from '#providers/permissions.ts';
import { grant } from './grant.ts';
import { statementOf, whereValues } from './statement-of.ts';
import { addVault, keyStatements } from './vault.ts';

export interface BackupVault {
  readonly name: string;
  readonly arn: string;
  /** AWS Backup assumes it, to read what it copies. */
  readonly role: Role;
}

/** Those that AWS Backup copies. */
export const backedUpMembers = ({ workloads }: Policy): readonly ManagedMember[] =>
  workloads.flatMap((workload) => workload.members).filter(isBackedUp);

export function createBackupVault(parent: Construct, policy: Policy): BackupVault | undefined {
  const members = backedUpMembers(policy);
  const isOfFormer = policy.formerKinds?.some((kind) => kindFacts(kind).jobOfAwsBackup === true) === true;
  if (members.length === 0 && !isOfFormer) return undefined;
  const scope = new Construct(parent, 'Backup');
  const { vault, key } = addVault(scope, 'members');
  return { name: vault.ref, arn: vault.attrBackupVaultArn, role: createRole(scope, members, key) };
}

const isBackedUp = (member: Policy['workloads'][number]['members'][number]): member is ManagedMember =>
  kindFacts(member.kind).jobOfAwsBackup === true;

function createRole(scope: Construct, members: readonly ManagedMember[], key: Key): Role {
  const rights = rightsToCopy(members);
  const policies = rights.flatMap((each) => each.policies);
  const role = new Role(scope, 'Role', {
    description: 'In this role AWS Backup copies for Holdfast',
    assumedBy: new ServicePrincipal('backup.amazonaws.com'),
    managedPolicies: policies.map((name) => ManagedPolicy.fromAwsManagedPolicyName(name)),
  });
  const ofKinds = rights.flatMap(({ statements }) => statements).map((each) => statementOf(each, whereValues));
  grant(role, [...keyStatements(key), ...ofKinds], policies.length);
  return role;
}
