/**
 * What each step may do to AWS Backup. Resource types after the service authorization reference:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbackup.html
 */
import { tagKeys } from '#domain/tags.ts';
import type { Permissions, Statement } from './permissions.ts';

const ours = { StringEquals: { [`aws:ResourceTag/${tagKeys.stack}`]: '${stack}' } };
/** Jobs have no resource type. */
const jobs = (...actions: readonly string[]): Statement => ({ actions, resources: ['*'] });

/** The only ones that carry tags of AWS Backup's own. */
export const managedPoints = 'arn:${partition}:backup:${region}:${account}:recovery-point:*';

/** AWS's own, for all types but buckets, and for buckets. */
export const copyPolicies = [
  'service-role/AWSBackupServiceRolePolicyForBackup',
  'AWSBackupServiceRolePolicyForS3Backup',
] as const;

/** Who deletes recovery points in the end. https://docs.aws.amazon.com/aws-backup/latest/devguide/using-service-linked-roles.html */
const serviceLinkedRole: Statement = {
  actions: ['iam:CreateServiceLinkedRole'],
  resources: ['arn:${partition}:iam::${account}:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup'],
  conditions: { StringEquals: { 'iam:AWSServiceName': 'backup.amazonaws.com' } },
};

/** @param points ARNs that recovery points of the kind have: they are of the service that keeps them */
export const backupPermissions = (points: readonly string[]): Permissions => ({
  'plan-run': [jobs('backup:ListBackupJobs', 'backup:DescribeRegionSettings')],
  'begin-tiers': [
    jobs('backup:DescribeBackupJob', 'backup:StopBackupJob'),
    { actions: ['backup:StartBackupJob'], resources: ['${vault}'] },
    {
      actions: ['iam:PassRole'],
      resources: ['${backupRole}'],
      conditions: { StringEquals: { 'iam:PassedToService': 'backup.amazonaws.com' } },
    },
  ],
  settle: [
    jobs('backup:DescribeBackupJob', 'backup:StopBackupJob'),
    { actions: ['backup:DescribeRecoveryPoint'], resources: points },
    { actions: ['backup:TagResource'], resources: [managedPoints], conditions: ours },
  ],
  'plan-recovery': [
    { actions: ['backup:ListRecoveryPointsByBackupVault'], resources: ['${vault}'] },
    { actions: ['backup:ListTags'], resources: [managedPoints] },
  ],
  retire: [
    jobs('backup:DescribeBackupJob', 'backup:ListBackupJobs', 'backup:StopBackupJob'),
    { actions: ['backup:DescribeRecoveryPoint'], resources: points },
    { actions: ['backup:DeleteRecoveryPoint'], resources: points, conditions: ours },
    serviceLinkedRole,
  ],
});

/** Once a restore job is asked for. */
const watching = [jobs('backup:DescribeRestoreJob')];

/**
 * What a recovery may have AWS Backup restore. Its own points must carry the stack's tag; whether it asks other services for the tags of theirs is not
 * documented, and a recovery must not fail by that.
 * @param points as for `backupPermissions`
 */
function startPermissions(points: readonly string[]): readonly Statement[] {
  const actions = ['backup:StartRestoreJob'];
  const others = points.filter((point) => point !== managedPoints);
  return [
    { actions, resources: [managedPoints], conditions: ours },
    ...(others.length === 0 ? [] : [{ actions, resources: others }]),
  ];
}

/** @param points as for `backupPermissions` */
export const restorePermissions = (points: readonly string[]): Permissions => ({
  'plan-recovery': [{ actions: ['backup:DescribeRecoveryPoint'], resources: points }],
  'create-volumes': [
    ...watching,
    ...startPermissions(points),
    {
      actions: ['iam:PassRole'],
      resources: ['${restoreRole}'],
      conditions: { StringEquals: { 'iam:PassedToService': 'backup.amazonaws.com' } },
    },
  ],
  'attach-volumes': watching,
  'verify-recovery': watching,
  'commit-recovery': watching,
  'roll-back': watching,
  'abandon-recovery': watching,
});
