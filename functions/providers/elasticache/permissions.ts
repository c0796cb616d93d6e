/**
 * What each step may do to ElastiCache. Resource types and condition keys after the service authorization reference:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticache.html
 */

import { type CacheForm, checkedCacheName } from '#domain/cache-name.ts';
import { tagKeys } from '#domain/tags.ts';
import { seeingAlarms } from '../alarms/permission.ts';
import { usingKeys } from '../key-permissions.ts';
import type { ExportPermissions, Permissions, Statement } from '../permissions.ts';

const arn = (type: string, name = '*') => `arn:\${partition}:elasticache:\${region}:\${account}:${type}:${name}`;
/** The only names that Holdfast gives (`named-snapshots.ts`). */
const snapshots = [arn('snapshot', 'holdfast-*'), arn('serverlesscachesnapshot', 'holdfast-*')] as const;
const asOurs = { StringEquals: { [`aws:RequestTag/${tagKeys.stack}`]: '${stack}' } };
const ours = { StringEquals: { [`aws:ResourceTag/${tagKeys.stack}`]: '${stack}' } };

const seeingSnapshots = [
  { actions: ['elasticache:DescribeSnapshots'], resources: [arn('snapshot')] },
  { actions: ['elasticache:DescribeServerlessCacheSnapshots'], resources: [arn('serverlesscachesnapshot')] },
];

const tagging = { actions: ['elasticache:AddTagsToResource'], resources: snapshots };

const caches = [arn('replicationgroup'), arn('cluster'), arn('serverlesscache')];
const seeing = [
  { actions: ['elasticache:DescribeReplicationGroups'], resources: [arn('replicationgroup')] },
  { actions: ['elasticache:DescribeCacheClusters'], resources: [arn('cluster')] },
  { actions: ['elasticache:DescribeServerlessCaches'], resources: [arn('serverlesscache')] },
];
const marking = { actions: ['elasticache:AddTagsToResource'], resources: caches };
const groups = [arn('parametergroup'), arn('subnetgroup')];

/** ElastiCache uses keys under two names. */
const keys = usingKeys('elasticache', 'dax');

const ofEc2 = (type: string) => `arn:\${partition}:ec2:\${region}:\${account}:${type}/*`;

/**
 * A serverless cache is reached by an endpoint in the VPC, which ElastiCache makes in the caller's name: no other service's.
 * As AWS's own policy has it: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonElastiCacheFullAccess.html
 */
const makingEndpoints: readonly Statement[] = [
  { actions: ['ec2:DescribeVpcs', 'ec2:DescribeSubnets', 'ec2:DescribeSecurityGroups'], resources: ['*'] },
  {
    actions: ['ec2:CreateVpcEndpoint'],
    resources: [ofEc2('vpc-endpoint')],
    conditions: { StringLike: { 'ec2:VpceServiceName': 'com.amazonaws.elasticache.serverless.*' } },
  },
  { actions: ['ec2:CreateVpcEndpoint'], resources: [ofEc2('vpc'), ofEc2('subnet'), ofEc2('security-group')] },
  {
    actions: ['ec2:CreateTags'],
    resources: [ofEc2('vpc-endpoint')],
    conditions: {
      StringEquals: { 'ec2:CreateAction': 'CreateVpcEndpoint', 'aws:RequestTag/AmazonElastiCacheManaged': 'true' },
    },
  },
];

/** They are of a Region, and no resource. */
const seeingVersions = { actions: ['elasticache:DescribeCacheEngineVersions'], resources: ['*'] };

const recovery: Permissions = {
  'plan-recovery': [
    ...seeing,
    ...seeingSnapshots,
    seeingVersions,
    { actions: ['elasticache:ListTagsForResource'], resources: snapshots },
  ],
  'create-volumes': [
    ...seeing,
    {
      actions: ['elasticache:CreateReplicationGroup'],
      resources: [arn('replicationgroup'), ...groups, arn('usergroup'), arn('snapshot', 'holdfast-*')],
    },
    {
      actions: ['elasticache:CreateCacheCluster'],
      resources: [arn('cluster'), ...groups, arn('snapshot', 'holdfast-*')],
    },
    {
      actions: ['elasticache:CreateServerlessCache'],
      resources: [arn('serverlesscache'), arn('usergroup'), arn('serverlesscachesnapshot', 'holdfast-*')],
    },
    ...makingEndpoints,
    marking,
    ...keys,
  ],
  'detach-volumes': [...seeing, marking],
  'attach-volumes': seeing,
  'verify-recovery': seeing,
  'commit-recovery': seeing,
  'roll-back': [...seeing, { actions: ['elasticache:RemoveTagsFromResource'], resources: caches }],
  'abandon-recovery': seeing,
};

export const permissions: Permissions = {
  'plan-run': [
    seeingAlarms,
    ...seeing,
    { actions: ['elasticache:ListTagsForResource'], resources: caches },
    ...seeingSnapshots,
    seeingVersions,
    // Asked for those of one cache.
    { actions: ['elasticache:DescribeServerlessCacheSnapshots'], resources: [arn('serverlesscache')] },
  ],
  'begin-tiers': [
    // Where a snapshot is refused.
    ...seeing,
    ...seeingSnapshots,
    {
      actions: ['elasticache:CreateSnapshot'],
      resources: [arn('replicationgroup'), arn('cluster'), arn('snapshot', 'holdfast-*')],
    },
    {
      actions: ['elasticache:CreateServerlessCacheSnapshot'],
      resources: [arn('serverlesscache'), arn('serverlesscachesnapshot', 'holdfast-*')],
    },
    tagging,
    ...keys,
  ],
  settle: [...seeingSnapshots, { ...tagging, conditions: ours }],
  ...recovery,
  retire: [
    ...seeingSnapshots,
    { actions: ['elasticache:DeleteSnapshot'], resources: [arn('snapshot', 'holdfast-*')], conditions: ours },
    {
      actions: ['elasticache:DeleteServerlessCacheSnapshot'],
      resources: [arn('serverlesscachesnapshot', 'holdfast-*')],
      conditions: ours,
    },
  ],
};

const automaticActions: Readonly<Record<CacheForm, readonly string[]>> = {
  replicationgroup: ['elasticache:DescribeReplicationGroups', 'elasticache:ModifyReplicationGroup'],
  cluster: ['elasticache:DescribeCacheClusters', 'elasticache:ModifyCacheCluster'],
  serverlesscache: ['elasticache:DescribeServerlessCaches', 'elasticache:ModifyServerlessCache'],
};

/** Reading and setting the snapshots that ElastiCache makes of one cache by itself. */
export function automaticStatement(resource: string): Statement {
  const { form, name } = checkedCacheName(resource);
  return { actions: automaticActions[form], resources: [arn(form, name)] };
}

const exportingNodes = { actions: ['elasticache:CopySnapshot'], resources: [arn('snapshot', 'holdfast-*')] };
const exportingServerless = {
  actions: ['elasticache:ExportServerlessCacheSnapshot'],
  resources: [arn('serverlesscachesnapshot', 'holdfast-*')],
};

/**
 * ElastiCache writes to the bucket in the name of whoever asks, and lists all buckets to find out whose it is.
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-exporting.html
 * @param resources whose files go there
 */
export function exportPermissions(bucket: string, resources: readonly string[]): ExportPermissions {
  const areServerless = resources.map((resource) => checkedCacheName(resource).form === 'serverlesscache');
  const bucketArn = `arn:\${partition}:s3:::${bucket}`;
  return {
    exporting: [
      ...(areServerless.includes(false) ? [exportingNodes] : []),
      ...(areServerless.includes(true) ? [exportingServerless] : []),
      { actions: ['s3:ListAllMyBuckets'], resources: ['*'] },
      { actions: ['s3:GetBucketLocation', 's3:GetBucketAcl', 's3:ListBucket'], resources: [bucketArn] },
      { actions: ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'], resources: [`${bucketArn}/holdfast-*`] },
    ],
    examining: [{ actions: ['s3:ListBucket', 's3:GetBucketPolicy', 's3:GetBucketAcl'], resources: [bucketArn] }],
  };
}

/** A copy's own tags are asked for as it is made; the source has them already. */
export function keyPermissions(key: string, resources: readonly string[]): ExportPermissions {
  const areServerless = resources.map((resource) => checkedCacheName(resource).form === 'serverlesscache');
  const [ofNodes, ofServerless] = snapshots;
  const copying = [
    { actions: ['elasticache:CopySnapshot'], resources: [ofNodes], isUsed: areServerless.includes(false) },
    {
      actions: ['elasticache:CopyServerlessCacheSnapshot'],
      resources: [ofServerless],
      isUsed: areServerless.includes(true),
    },
  ];
  return {
    exporting: [
      ...copying.flatMap(({ isUsed, ...statement }) => (isUsed ? [statement] : [])),
      { ...tagging, conditions: asOurs },
      ...keys,
    ],
    examining: [{ actions: ['kms:DescribeKey'], resources: [key] }],
  };
}

/** ElastiCache reads the files in the name of whoever has the cache made. https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-seeding-redis.html */
export function seedPermissions(bucket: string): Permissions {
  const bucketArn = `arn:\${partition}:s3:::${bucket}`;
  const reading = { actions: ['s3:GetObject'], resources: [`${bucketArn}/*`] };
  return {
    'plan-recovery': [
      { actions: ['s3:ListBucket'], resources: [bucketArn] },
      reading,
      { actions: ['elasticache:ListTagsForResource'], resources: [arn('replicationgroup'), arn('cluster')] },
    ],
    'create-volumes': [reading],
  };
}
