/**
 * What AWS Backup may do in the role in which it restores, for the types of the members only: AWSBackupServiceRolePolicyForRestores and
 * AWSBackupServiceRolePolicyForS3Restore, as far as they are about these types, without what deletes a resource, and on what is made alone.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForRestores.html
 */
import type { ManagedMember } from '#domain/policy.ts';
import type { Statement } from '../permissions.ts';

const here = (service: string, ...resources: readonly string[]): readonly string[] =>
  resources.map((resource) => `arn:\${partition}:${service}:\${region}:\${account}:${resource}`);
const on = (resources: readonly string[], service: string, ...operations: readonly string[]): Statement => ({
  actions: operations.map((operation) => `${service}:${operation}`),
  resources,
});

/** Named as recoveries name them. */
const clusters: readonly Statement[] = [
  on(
    here('rds', 'cluster:*', 'cluster-snapshot:*'),
    'rds',
    'DescribeDBClusters',
    'DescribeDBClusterSnapshots',
    'ListTagsForResource',
  ),
  on(here('rds', 'cluster:*-new-*'), 'rds', 'AddTagsToResource'),
  on(
    here('rds', 'cluster:*-new-*', 'cluster-pg:*', 'cluster-snapshot:awsbackup:*', 'og:*', 'subgrp:*'),
    ...['rds', 'RestoreDBClusterFromSnapshot'],
  ),
];

const network = on(
  ['*'],
  ...['ec2', 'DescribeAccountAttributes', 'DescribeAddresses', 'DescribeInternetGateways', 'DescribeRouteTables'],
  ...['DescribeSecurityGroups', 'DescribeSubnets', 'DescribeVpcs'],
);

const fsxFileSystems: readonly Statement[] = [
  network,
  on(['*'], 'ds', 'DescribeDirectories'),
  on(here('fsx', 'backup/*', 'file-system/*'), 'fsx', 'CreateFileSystemFromBackup'),
  on(here('fsx', 'file-system/*'), 'fsx', 'DescribeFileSystems', 'TagResource'),
  on(here('fsx', 'backup/*'), 'fsx', 'DescribeBackups'),
  {
    ...on(here('ec2', 'route-table/*'), 'ec2', 'CreateTags'),
    conditions: { StringEquals: { 'aws:ResourceTag/AmazonFSx': 'ManagedByAmazonFSx' } },
  },
];

const fsxVolumes: readonly Statement[] = [
  on(here('fsx', 'backup/*', 'storage-virtual-machine/*', 'volume/*'), 'fsx', 'CreateVolumeFromBackup', 'TagResource'),
  on(here('fsx', 'file-system/*'), 'fsx', 'DescribeFileSystems'),
  on(here('fsx', 'backup/*'), 'fsx', 'DescribeBackups'),
  on(here('fsx', 'volume/*'), 'fsx', 'DescribeVolumes'),
];

/** As EBS. */
const gatewayVolumes: readonly Statement[] = [
  on(['*'], 'ec2', 'DescribeAvailabilityZones', 'DescribeSnapshots', 'DescribeVolumes'),
  on(['arn:${partition}:ec2:${region}::snapshot/*', ...here('ec2', 'volume/*')], 'ec2', 'CreateVolume'),
  {
    ...on(here('ec2', 'volume/*'), 'ec2', 'CreateTags'),
    conditions: { StringEquals: { 'ec2:CreateAction': 'CreateVolume' } },
  },
];

/** The one that it goes to, which is never the one that was copied. */
function bucketStatements({ resource, restore }: ManagedMember): readonly Statement[] {
  const stem = (resource.split(':::')[1] ?? '').slice(0, 52).replace(/[-.]+$/, '');
  const bucket = `arn:\${partition}:s3:::${restore?.bucket ?? `${stem}-new-*`}`;
  return [
    on(
      [bucket],
      ...['s3', 'CreateBucket', 'GetBucketLocation', 'GetBucketOwnershipControls', 'GetBucketVersioning', 'ListBucket'],
      ...['ListBucketVersions', 'PutBucketOwnershipControls', 'PutBucketVersioning'],
    ),
    on(
      [`${bucket}/*`],
      ...['s3', 'DeleteObject', 'GetObject', 'GetObjectAcl', 'GetObjectTagging', 'GetObjectVersion'],
      ...['GetObjectVersionAcl', 'ListMultipartUploadParts', 'PutObject', 'PutObjectAcl', 'PutObjectTagging'],
      'PutObjectVersionAcl',
    ),
  ];
}

/** The service that an ARN is of, and of FSx what. */
const byType: readonly (readonly [RegExp, readonly Statement[]])[] = [
  [/:rds:/, clusters],
  [/:fsx:.*:volume\//, fsxVolumes],
  [/:fsx:.*:file-system\//, fsxFileSystems],
  [/:storagegateway:/, gatewayVolumes],
];

export function restoreStatements(members: readonly ManagedMember[]): readonly Statement[] {
  const ofTypes = byType.flatMap(([ofResource, statements]) =>
    members.some(({ resource }) => ofResource.test(resource)) ? statements : [],
  );
  return [...ofTypes, ...members.filter(({ resource }) => resource.includes(':s3:::')).flatMap(bucketStatements)];
}
