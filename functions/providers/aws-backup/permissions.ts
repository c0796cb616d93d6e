import { backupPermissions, managedPoints } from '../backup-permissions.ts';
import type { Permissions } from '../permissions.ts';

/** Points of types that AWS Backup does not manage fully are snapshots of their services, under names that AWS Backup gives. */
export const permissions: Permissions = backupPermissions([
  managedPoints,
  'arn:${partition}:ec2:${region}::snapshot/*',
  'arn:${partition}:fsx:${region}:${account}:backup/*',
  'arn:${partition}:rds:${region}:${account}:cluster-snapshot:awsbackup:*',
]);
