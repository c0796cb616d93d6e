/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticfilesystem.html */

import type { ManagedMember } from '#domain/policy.ts';
import { tagKeys } from '#domain/tags.ts';
import { seeingAlarms } from '../alarms/permission.ts';
import { backupPermissions, managedPoints, restorePermissions } from '../backup-permissions.ts';
import type { Permissions, RightsToCopy, RightsToRestore, Statement } from '../permissions.ts';

const jobs = backupPermissions([managedPoints]);
const restoring = restorePermissions([managedPoints]);
/** AWS names them as they are made. */
const systems = 'arn:${partition}:elasticfilesystem:${region}:${account}:file-system/*';
const ours = { StringEquals: { [`aws:ResourceTag/${tagKeys.stack}`]: '${stack}' } };
const onSystems = (...operations: readonly string[]): Statement => ({
  actions: operations.map((operation) => `elasticfilesystem:${operation}`),
  resources: [systems],
});

const seeing = onSystems('DescribeFileSystems');
const forgotten = [
  'DescribeAccessPoints',
  'DescribeFileSystemPolicy',
  'DescribeFileSystems',
  'DescribeLifecycleConfiguration',
  'DescribeMountTargets',
];
/** All that AWS Backup forgets. */
const looking = onSystems(...forgotten, 'DescribeMountTargetSecurityGroups');
/** As far as a new one is looked at: security groups are given with a mount target. */
const lookingAtNew = onSystems(...forgotten);
const lookingAtBackups = onSystems('DescribeBackupPolicy');
const lookingForReplicas = onSystems('DescribeReplicationConfigurations');

/** Tags of ours are what the rest is allowed by. */
const marking: Statement = {
  ...onSystems('TagResource'),
  conditions: { StringEquals: { [`aws:RequestTag/${tagKeys.stack}`]: '${stack}' } },
};
const markingOurs: Statement = { ...onSystems('TagResource'), conditions: ours };
const givingBack: Statement = {
  ...onSystems(
    'CreateAccessPoint',
    'CreateMountTarget',
    'PutBackupPolicy',
    'PutFileSystemPolicy',
    'PutLifecycleConfiguration',
    'UpdateFileSystem',
  ),
  conditions: ours,
};
/** An access point is tagged as it is made. */
const taggingAccessPoints: Statement = {
  actions: ['elasticfilesystem:TagResource'],
  resources: ['arn:${partition}:elasticfilesystem:${region}:${account}:access-point/*'],
  conditions: { StringEquals: { 'elasticfilesystem:CreateAction': 'CreateAccessPoint' } },
};
/** EFS makes a mount target's network interface with the caller's rights. https://docs.aws.amazon.com/efs/latest/ug/API_CreateMountTarget.html */
const makingInterfaces: readonly Statement[] = [
  { actions: ['ec2:DescribeSubnets', 'ec2:DescribeNetworkInterfaces'], resources: ['*'] },
  {
    actions: ['ec2:CreateNetworkInterface'],
    resources: ['network-interface', 'security-group', 'subnet'].map(
      (type) => `arn:\${partition}:ec2:\${region}:\${account}:${type}/*`,
    ),
  },
];

const unmarking: Statement = {
  ...onSystems('UntagResource'),
  conditions: { 'ForAllValues:StringLike': { 'aws:TagKeys': ['holdfast:*'] } },
};

const { 'plan-run': planning = [], 'plan-recovery': planningRecovery = [], ...otherJobs } = jobs;
const watching = restoring['attach-volumes'] ?? [];

export const permissions: Permissions = {
  ...otherJobs,
  'plan-run': [seeingAlarms, ...planning, looking, lookingAtBackups, lookingForReplicas],
  'plan-recovery': [
    ...planningRecovery,
    ...(restoring['plan-recovery'] ?? []),
    looking,
    { actions: ['ssm:DescribeInstanceInformation'], resources: ['*'] },
  ],
  'create-volumes': [
    ...(restoring['create-volumes'] ?? []),
    lookingAtNew,
    lookingAtBackups,
    marking,
    markingOurs,
    givingBack,
    taggingAccessPoints,
    ...makingInterfaces,
  ],
  'detach-volumes': [marking],
  'attach-volumes': [...watching, seeing],
  'verify-recovery': [...watching, seeing],
  'commit-recovery': [...watching, seeing],
  'roll-back': [...watching, seeing, unmarking],
  'abandon-recovery': [...watching, seeing],
};

/** AWSBackupServiceRolePolicyForBackup, as far as it is about EFS, and for these file systems only. */
export const toCopy = (members: readonly ManagedMember[]): RightsToCopy => ({
  policies: [],
  statements: [
    {
      actions: ['elasticfilesystem:Backup', 'elasticfilesystem:DescribeTags'],
      resources: members.map(
        ({ resource }) => `arn:\${partition}:elasticfilesystem:\${region}:\${account}:file-system/${resource}`,
      ),
    },
    { actions: ['backup:TagResource'], resources: [managedPoints] },
  ],
});

/**
 * AWSBackupServiceRolePolicyForRestores, as far as it is about EFS.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForRestores.html
 */
export const toRestore = (): RightsToRestore => ({
  statements: [onSystems('CreateFileSystem', 'DescribeFileSystems', 'Restore', 'TagResource')],
  services: ['elasticfilesystem'],
});
