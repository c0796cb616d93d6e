/**
 * What each backup step may do to EBS. Resource types and condition keys after the service authorization reference of EC2:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html (Describe* has no resource types).
 */
import type { CopyPlace } from '#domain/point-copy.ts';
import { tagKeys } from '#domain/tags.ts';
import type { CopyPermissions, Permissions } from '../permissions.ts';
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
    // Whoever's key it is: a point is lost with it.
    { actions: ['kms:DescribeKey'], resources: ['arn:${partition}:kms:${region}:*:key/*'] },
    { actions: ['ec2:DeleteSnapshot'], resources: [snapshots], conditions: ours },
    // What recoveries replaced and left; a volume that is attached cannot be deleted, whoever asks.
    {
      actions: ['ec2:DeleteVolume'],
      resources: ['arn:${partition}:ec2:${region}:${account}:volume/*'],
      conditions: ours,
    },
    // What recoveries brought back is its owner's in the end: only our own keys.
    {
      actions: ['ec2:DeleteTags'],
      resources: ['arn:${partition}:ec2:${region}:${account}:volume/*'],
      conditions: { ...ours, 'ForAllValues:StringLike': { 'aws:TagKeys': ['holdfast:*'] } },
    },
  ],
  ...restorePermissions,
};

/**
 * CopySnapshot is asked for in the Region of the copy, and must be allowed on both snapshots; keys are used in the caller's name, the source's by
 * EC2 of either Region. https://docs.aws.amazon.com/ebs/latest/userguide/ebs-copy-snapshot.html
 */
export function copyPermissions({ region, key }: CopyPlace): CopyPermissions {
  const copies = `arn:\${partition}:ec2:${region}::snapshot/*`;
  const there = { 'kms:ViaService': `ec2.${region}.amazonaws.com` };
  const either = { 'kms:ViaService': ['ec2.${region}.amazonaws.com', `ec2.${region}.amazonaws.com`] };
  const forAws = { Bool: { 'kms:GrantIsForAWSResource': 'true' } };
  const sources = ['arn:${partition}:kms:${region}:*:key/*'];
  return {
    settle: [
      { actions: ['ec2:CopySnapshot'], resources: [snapshots], conditions: ours },
      { actions: ['ec2:CopySnapshot'], resources: [copies], conditions: asOurs },
      {
        actions: ['ec2:CreateTags'],
        resources: [copies],
        conditions: { StringEquals: { 'ec2:CreateAction': 'CopySnapshot' } },
      },
      { actions: ['ec2:CreateTags', 'ec2:DeleteSnapshot'], resources: [copies], conditions: ours },
      { actions: ['kms:CreateGrant'], resources: [key], conditions: { StringEquals: there, ...forAws } },
      {
        actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptTo'],
        resources: [key],
        conditions: { StringEquals: there },
      },
      { actions: ['kms:CreateGrant'], resources: sources, conditions: { StringEquals: either, ...forAws } },
      {
        actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:ReEncryptFrom'],
        resources: sources,
        conditions: { StringEquals: either },
      },
    ],
    retire: [{ actions: ['ec2:DeleteSnapshot'], resources: [copies], conditions: ours }],
    examining: [{ actions: ['kms:DescribeKey'], resources: [key] }],
  };
}
