/** Where AWS Backup copies members to, and the role in which it does: only of a policy with members that it copies. */
import { Aws } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { kindFacts } from '#domain/member-kinds.ts';
import type { ManagedMember, Policy } from '#domain/policy.ts';
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
  if (members.length === 0) return undefined;
  const scope = new Construct(parent, 'Backup');
  const { vault, key } = addVault(scope, 'members');
  return { name: vault.ref, arn: vault.attrBackupVaultArn, role: createRole(scope, members, key) };
}

const isBackedUp = (member: Policy['workloads'][number]['members'][number]): member is ManagedMember =>
  kindFacts(member.kind).jobOfAwsBackup === true;

function createRole(scope: Construct, members: readonly ManagedMember[], key: Key): Role {
  const others = members.filter(({ kind }) => kind === 'aws-backup').map(({ resource }) => resource);
  const role = new Role(scope, 'Role', {
    description: 'In this role AWS Backup copies for Holdfast',
    assumedBy: new ServicePrincipal('backup.amazonaws.com'),
    managedPolicies: managedPoliciesFor(others),
  });
  const systems = members.filter(({ kind }) => kind === 'efs').map(({ resource }) => resource);
  for (const statement of [...keyStatements(key), ...fileSystemStatements(systems)]) role.addToPolicy(statement);
  return role;
}

const forAll = 'service-role/AWSBackupServiceRolePolicyForBackup';
const forBuckets = 'AWSBackupServiceRolePolicyForS3Backup';
/** AWS's own, of which the role may have some: what a type needs is AWS Backup's to know, and changes with it. */
export const managedPolicies = [forAll, forBuckets] as const;

function managedPoliciesFor(resourceArns: readonly string[]) {
  const hasBuckets = resourceArns.some((arn) => arn.split(':')[2] === 's3');
  const names = [...(resourceArns.length > 0 ? [forAll] : []), ...(hasBuckets ? [forBuckets] : [])];
  return names.map((name) => ManagedPolicy.fromAwsManagedPolicyName(name));
}

/** AWSBackupServiceRolePolicyForBackup, as far as it is about EFS, and for these file systems only. */
function fileSystemStatements(systems: readonly string[]): readonly PolicyStatement[] {
  if (systems.length === 0) return [];
  const own = `${Aws.PARTITION}:elasticfilesystem:${Aws.REGION}:${Aws.ACCOUNT_ID}`;
  return [
    new PolicyStatement({
      actions: ['elasticfilesystem:Backup', 'elasticfilesystem:DescribeTags'],
      resources: systems.map((id) => `arn:${own}:file-system/${id}`),
    }),
    new PolicyStatement({
      actions: ['backup:TagResource'],
      resources: [`arn:${Aws.PARTITION}:backup:${Aws.REGION}:${Aws.ACCOUNT_ID}:recovery-point:*`],
    }),
  ];
}
