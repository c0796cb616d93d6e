/**
 * What each step may do to images, beside what it may do to EBS. Resource types and condition keys after the service authorization
 * reference of EC2: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html (listings have no resource
 * types). A recovery launches from our own images only (with plans: `backup-plan-permissions.ts`), and hands on only the roles that the policy names (`infra/kind-statements.ts`).
 */

import { tagKeys } from '#domain/tags.ts';
import { seeingAlarms } from '../alarms/permission.ts';
import type { Permissions } from '../permissions.ts';

const images = 'arn:${partition}:ec2:${region}::image/*';
const snapshots = 'arn:${partition}:ec2:${region}::snapshot/*';
const instances = 'arn:${partition}:ec2:${region}:${account}:instance/*';
const ours = { StringEquals: { [`aws:ResourceTag/${tagKeys.stack}`]: '${stack}' } };
const asOurs = { StringEquals: { [`aws:RequestTag/${tagKeys.stack}`]: '${stack}' } };

const volumes = 'arn:${partition}:ec2:${region}:${account}:volume/*';
/** Of the owner's, as the source had them: a launch changes nothing of them. */
const surroundings = ['network-interface', 'subnet', 'security-group', 'key-pair', 'placement-group'].map(
  (type) => `arn:\${partition}:ec2:\${region}:\${account}:${type}/*`,
);
const seeingInstances = { actions: ['ec2:DescribeInstances', 'ec2:DescribeInstanceStatus'], resources: ['*'] };
const seeing = { actions: ['ec2:DescribeImages'], resources: ['*'] };
const seeingAddresses = { actions: ['ec2:DescribeAddresses'], resources: ['*'] };
/**
 * The owner's addresses, to what a recovery has made or marked as replaced, and to nothing else. EC2 may ask for the interface, too, which
 * carries no tag of ours.
 */
const leading = [
  { actions: ['ec2:AssociateAddress'], resources: [instances], conditions: ours },
  {
    actions: ['ec2:AssociateAddress'],
    resources: ['elastic-ip', 'network-interface'].map(
      (type) => `arn:\${partition}:ec2:\${region}:\${account}:${type}/*`,
    ),
  },
];
/** Only our own keys, whatever the instance. */
const ofOurKeys = { 'ForAllValues:StringLike': { 'aws:TagKeys': ['holdfast:*'] } };
const marking = { actions: ['ec2:CreateTags'], resources: [instances], conditions: ofOurKeys };
const unmarking = { actions: ['ec2:DeleteTags'], resources: [instances], conditions: ofOurKeys };

export const permissions: Permissions = {
  'plan-run': [seeingAlarms, { actions: ['ec2:DescribeInstanceAttribute'], resources: [instances] }],
  'begin-tiers': [
    seeing,
    { actions: ['ec2:CreateImage'], resources: [instances] },
    { actions: ['ec2:CreateImage'], resources: [images, snapshots], conditions: asOurs },
    {
      actions: ['ec2:CreateTags'],
      resources: [images, snapshots],
      conditions: { StringEquals: { 'ec2:CreateAction': 'CreateImage' } },
    },
  ],
  settle: [seeing, { actions: ['ec2:CreateTags'], resources: [images], conditions: ours }],
  retire: [
    { actions: ['ec2:DescribeImages', 'ec2:DescribeLaunchTemplateVersions'], resources: ['*'] },
    { actions: ['ec2:DescribeImageAttribute', 'ec2:DeregisterImage'], resources: [images], conditions: ours },
  ],
  'plan-recovery': [seeing, seeingAddresses],
  'create-volumes': [
    seeingInstances,
    { actions: ['ec2:RunInstances'], resources: [images], conditions: ours },
    { actions: ['ec2:RunInstances'], resources: [instances, volumes], conditions: asOurs },
    { actions: ['ec2:RunInstances'], resources: surroundings },
    {
      actions: ['ec2:CreateTags'],
      resources: [instances, volumes],
      conditions: { StringEquals: { 'ec2:CreateAction': 'RunInstances' } },
    },
  ],
  'stop-instance': [marking],
  'attach-volumes': [seeingInstances, seeingAddresses, ...leading],
  'verify-recovery': [seeingInstances],
  'commit-recovery': [seeingInstances, seeingAddresses],
  'roll-back': [seeingInstances, seeingAddresses, ...leading, marking, unmarking],
  'abandon-recovery': [seeingInstances, seeingAddresses],
};
