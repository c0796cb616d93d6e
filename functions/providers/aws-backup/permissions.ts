import type { ManagedMember } from '#domain/policy.ts';
import { backupPermissions, copyPolicies, managedPoints, restorePermissions } from '../backup-permissions.ts';
import type { Permissions, RightsToCopy, RightsToRestore, Statement } from '../permissions.ts';
import { restoreStatements } from './restore-statements.ts';

const [forAll, forBuckets] = copyPolicies;

/** Points of types that AWS Backup does not manage fully are snapshots of their services, under names that AWS Backup gives. */
const points = [
  managedPoints,
  'arn:${partition}:ec2:${region}::snapshot/*',
  'arn:${partition}:fsx:${region}:${account}:backup/*',
  'arn:${partition}:rds:${region}:${account}:cluster-snapshot:awsbackup:*',
];
const { 'plan-recovery': planning = [], ...jobs } = backupPermissions(points);
const restoring = restorePermissions(points);

/** What AWS Backup knows of a resource has no resource type. */
const knowing: Statement = { actions: ['backup:DescribeProtectedResource'], resources: ['*'] };
const findingLost: Statement = { actions: ['backup:ListRestoreJobsByProtectedResource'], resources: ['*'] };

export const permissions: Permissions = {
  ...jobs,
  'plan-recovery': [
    ...planning,
    ...(restoring['plan-recovery'] ?? []),
    knowing,
    { actions: ['backup:GetRecoveryPointRestoreMetadata'], resources: points },
  ],
  'create-volumes': [...(restoring['create-volumes'] ?? []), knowing],
  'attach-volumes': [...(restoring['attach-volumes'] ?? []), knowing],
  'verify-recovery': [...(restoring['verify-recovery'] ?? []), knowing],
  'commit-recovery': [...(restoring['commit-recovery'] ?? []), knowing],
  'roll-back': [...(restoring['roll-back'] ?? []), knowing, findingLost],
  'abandon-recovery': [...(restoring['abandon-recovery'] ?? []), knowing, findingLost],
};

/** AWS's own policies: what a type needs is AWS Backup's to know, and changes with it. */
export const toCopy = (members: readonly ManagedMember[]): RightsToCopy => ({
  policies: members.some(({ resource }) => resource.split(':')[2] === 's3') ? [forAll, forBuckets] : [forAll],
  statements: [],
});

export const toRestore = (members: readonly ManagedMember[]): RightsToRestore => ({
  statements: restoreStatements(members),
  services: ['ec2', 'rds', 's3'],
});
