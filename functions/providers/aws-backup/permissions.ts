import { backupPermissions, managedPoints } from '../backup-permissions.ts';
import type { Permissions } from '../permissions.ts';

/** Points of types that AWS Backup does not manage fully are snapshots of their services, under names that AWS Backup gives. */
const points = [
  managedPoints,
  'arn:${partition}:ec2:${region}::snapshot/*',
  'arn:${partition}:fsx:${region}:${account}:backup/*',
  'arn:${partition}:rds:${region}:${account}:cluster-snapshot:awsbackup:*',
];
const { 'plan-recovery': planning = [], ...jobs } = backupPermissions(points);

export const permissions: Permissions = {
  ...jobs,
  'plan-recovery': [...planning, { actions: ['backup:GetRecoveryPointRestoreMetadata'], resources: points }],
};
