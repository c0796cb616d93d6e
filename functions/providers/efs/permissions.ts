/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticfilesystem.html */
import { backupPermissions, managedPoints } from '../backup-permissions.ts';
import type { Permissions } from '../permissions.ts';

const jobs = backupPermissions([managedPoints]);

/** Only looked at: nothing is done to a file system itself. */
const looking = {
  actions: [
    'elasticfilesystem:DescribeAccessPoints',
    'elasticfilesystem:DescribeBackupPolicy',
    'elasticfilesystem:DescribeFileSystemPolicy',
    'elasticfilesystem:DescribeFileSystems',
    'elasticfilesystem:DescribeLifecycleConfiguration',
    'elasticfilesystem:DescribeMountTargets',
    'elasticfilesystem:DescribeMountTargetSecurityGroups',
    'elasticfilesystem:DescribeReplicationConfigurations',
  ],
  resources: ['arn:${partition}:elasticfilesystem:${region}:${account}:file-system/*'],
};

export const permissions: Permissions = { ...jobs, 'plan-run': [...(jobs['plan-run'] ?? []), looking] };
