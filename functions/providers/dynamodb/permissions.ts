/**
 * What each step may do to tables and their backups. Resource types after the service authorization reference:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
import { allAlarms, seeingAlarms } from '../alarms/permission.ts';
import type { Permissions } from '../permissions.ts';

const tables = 'arn:${partition}:dynamodb:${region}:${account}:table/*';
/** Neither names nor tags of backups can be asked for in a condition; the code deletes by the names that Holdfast gives. */
const backups = `${tables}/backup/*`;
/** The only names that a recovery gives (`replacement/plan.ts`). */
const made = `${tables}-new-*`;

const seeing = { actions: ['dynamodb:DescribeTable'], resources: [tables] };
const seeingFeatures = {
  actions: ['dynamodb:DescribeTimeToLive', 'dynamodb:DescribeContinuousBackups', 'dynamodb:ListTagsOfResource'],
  resources: [tables],
};
/** A point may be a moment, also when the policy has gone back to copies, so the kind brings these rights. */
const seeingMoments = { actions: ['dynamodb:DescribeContinuousBackups'], resources: [tables] };
const seeingBackups = { actions: ['dynamodb:DescribeBackup'], resources: [backups] };
/** It has no resource type. */
const listing = { actions: ['dynamodb:ListBackups'], resources: ['*'] };

/** DynamoDB uses the table's key with the caller's rights. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html */
const usingKeys = {
  actions: [
    'kms:CreateGrant',
    'kms:Decrypt',
    'kms:DescribeKey',
    'kms:Encrypt',
    'kms:GenerateDataKey',
    'kms:ReEncryptFrom',
    'kms:ReEncryptTo',
  ],
  resources: ['arn:${partition}:kms:${region}:*:key/*'],
  conditions: { StringEquals: { 'kms:ViaService': 'dynamodb.${region}.amazonaws.com' } },
};

/** What is kept beside a table. Neither lists nor descriptions of Application Auto Scaling have a resource type. */
const seeingExtras = [
  { actions: ['dynamodb:GetResourcePolicy'], resources: [tables] },
  {
    actions: [
      'dynamodb:ListContributorInsights',
      'application-autoscaling:DescribeScalableTargets',
      'application-autoscaling:DescribeScalingPolicies',
      'application-autoscaling:DescribeScheduledActions',
    ],
    resources: ['*'],
  },
];

/**
 * Targets have ids of their own, which say nothing. Application Auto Scaling asks DynamoDB and CloudWatch whether its caller may do there what it will do,
 * with names that do not exist; the caller itself may do none of it to an alarm.
 * https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_permission_validation.html
 */
const scaling = [
  {
    actions: ['application-autoscaling:RegisterScalableTarget', 'application-autoscaling:PutScalingPolicy'],
    resources: ['arn:${partition}:application-autoscaling:${region}:${account}:scalable-target/*'],
    conditions: { StringEquals: { 'application-autoscaling:service-namespace': 'dynamodb' } },
  },
  {
    actions: ['cloudwatch:DescribeAlarms', 'cloudwatch:PutMetricAlarm', 'cloudwatch:DeleteAlarms'],
    resources: [allAlarms],
    conditions: { Bool: { 'aws:ViaAWSService': 'true' } },
  },
];

/** A restore writes the items with the caller's rights. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/backuprestore_IAM.html */
const restoring = {
  actions: [
    'dynamodb:RestoreTableFromBackup',
    ...['PutItem', 'UpdateItem', 'DeleteItem', 'GetItem', 'Query', 'Scan', 'BatchWriteItem'].map(
      (action) => `dynamodb:${action}`,
    ),
  ],
  resources: [made],
};

export const permissions: Permissions = {
  'plan-run': [
    seeingAlarms,
    seeing,
    seeingFeatures,
    {
      actions: ['dynamodb:DescribeKinesisStreamingDestination'],
      resources: [tables],
    },
    ...seeingExtras,
  ],
  'begin-tiers': [seeing, listing, { actions: ['dynamodb:CreateBackup'], resources: [tables] }],
  // Many backups are looked at in the list.
  settle: [listing, seeingBackups, seeing, seeingMoments],
  'plan-recovery': [seeing, seeingBackups, seeingMoments],
  'create-volumes': [
    seeing,
    seeingFeatures,
    ...seeingExtras,
    ...scaling,
    restoring,
    { actions: ['dynamodb:RestoreTableFromBackup'], resources: [backups] },
    { actions: ['dynamodb:RestoreTableToPointInTime'], resources: [tables] },
    {
      actions: [
        'dynamodb:UpdateTable',
        'dynamodb:TagResource',
        'dynamodb:UpdateContinuousBackups',
        'dynamodb:UpdateTimeToLive',
        'dynamodb:UpdateContributorInsights',
        'dynamodb:PutResourcePolicy',
      ],
      resources: [made],
    },
    usingKeys,
  ],
  'detach-volumes': [seeing, { actions: ['dynamodb:TagResource'], resources: [tables] }],
  'attach-volumes': [seeing],
  'verify-recovery': [seeing],
  'commit-recovery': [seeing],
  'roll-back': [seeing, { actions: ['dynamodb:UntagResource'], resources: [tables] }],
  'abandon-recovery': [seeing],
  retire: [listing, seeingBackups, seeing, seeingMoments, { actions: ['dynamodb:DeleteBackup'], resources: [backups] }],
};
