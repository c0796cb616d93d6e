/**
 * What each backup step may do to EBS. Resource types and condition keys after the service authorization reference of EC2:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html (Describe* has no resource types).
 */
import { tagKeys } from '#domain/tags.ts';
import type { Permissions } from '../permissions.ts';
import { restorePermissions } from './restore/permissions.ts';

const snapshots = 'arn:${partition}:ec2:${region}::snapshot/*';
/** Only what this stack made: the tag is set in the creating call and nobody else's artifacts have it. */
const ours = { StringEquals: { [`aws:ResourceTag/${tagKeys.stack}`]: '${stack}' } };
const asOurs = { StringEquals: { [`aws:RequestTag/${tagKeys.stack}`]: '${stack}' } };

/** A guest that does not answer is free when its instance is off. */
const isInstanceOff = { actions: ['ec2:DescribeInstances'], resources: ['*'] };

export const permissions: Permissions = {
  'plan-run': [
    { actions: ['ec2:DescribeInstances', 'ec2:DescribeVolumes', 'ec2:DescribeSnapshots'], resources: ['*'] },
  ],
  'begin-tiers': [
    { actions: ['ec2:DescribeSnapshots'], resources: ['*'] },
    {
      actions: ['ec2:CreateSnapshots'],
      resources: [
        'arn:${partition}:ec2:${region}:${account}:instance/*',
        'arn:${partition}:ec2:${region}:${account}:volume/*',
      ],
    },
    { actions: ['ec2:CreateSnapshots'], resources: [snapshots], conditions: asOurs },
    {
      actions: ['ec2:CreateTags'],
      resources: [snapshots],
      conditions: { StringEquals: { 'ec2:CreateAction': 'CreateSnapshots' } },
    },
  ],
  release: [isInstanceOff],
  'guard-execution': [isInstanceOff],
  settle: [
    { actions: ['ec2:DescribeSnapshots', 'ec2:DescribeInstances'], resources: ['*'] },
    { actions: ['ec2:CreateTags', 'ec2:DeleteSnapshot'], resources: [snapshots], conditions: ours },
  ],
  retire: [
    { actions: ['ec2:DescribeSnapshots', 'ec2:DescribeVolumes'], resources: ['*'] },
    { actions: ['ec2:DeleteSnapshot'], resources: [snapshots], conditions: ours },
    // What recoveries replaced and left; a volume that is attached cannot be deleted, whoever asks.
    {
      actions: ['ec2:DeleteVolume'],
      resources: ['arn:${partition}:ec2:${region}:${account}:volume/*'],
      conditions: ours,
    },
  ],
  ...restorePermissions,
};
