import { backupPermissions, managedPoints, restorePermissions } from '../backup-permissions.ts';
import type { Permissions, Statement } from '../permissions.ts';

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
