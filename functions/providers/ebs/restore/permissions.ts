/**
 * What each step of a recovery may do to EC2. Resource types and condition keys after the service authorization reference:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html (of Describe* only DescribeInstanceAttribute knows resources).
 *
 * Any instance, and of volumes any: a point may be brought to an instance that no policy names, and the volumes that are
 * replaced were made by whoever made the instance. Nothing here can delete anything.
 */
import { tagKeys } from '#domain/tags.ts';
import type { Statement, StepName } from '../../permissions.ts';

const instances = 'arn:${partition}:ec2:${region}:${account}:instance/*';
const volumes = 'arn:${partition}:ec2:${region}:${account}:volume/*';
const snapshots = 'arn:${partition}:ec2:${region}::snapshot/*';
const keys = 'arn:${partition}:kms:${region}:*:key/*';

const ours = { StringEquals: { [`aws:ResourceTag/${tagKeys.stack}`]: '${stack}' } };
const asOurs = { StringEquals: { [`aws:RequestTag/${tagKeys.stack}`]: '${stack}' } };

const seeingInstances: Statement = { actions: ['ec2:DescribeInstances'], resources: ['*'] };
const seeingVolumes: Statement = { actions: ['ec2:DescribeVolumes'], resources: ['*'] };
const seeing: Statement = { actions: ['ec2:DescribeInstances', 'ec2:DescribeVolumes'], resources: ['*'] };
const stopping: Statement = { actions: ['ec2:StopInstances'], resources: [instances] };
const starting: Statement = { actions: ['ec2:StartInstances'], resources: [instances] };
const attaching: Statement = {
  actions: ['ec2:AttachVolume', 'ec2:DetachVolume'],
  resources: [instances, volumes],
};
const detaching: Statement = { actions: ['ec2:DetachVolume'], resources: [instances, volumes] };
const setting: Statement = { actions: ['ec2:ModifyInstanceAttribute'], resources: [instances] };
/** Only our own keys, whatever the volume. */
const marking: Statement = {
  actions: ['ec2:CreateTags'],
  resources: [volumes],
  conditions: { 'ForAllValues:StringLike': { 'aws:TagKeys': ['holdfast:*'] } },
};
const unmarking: Statement = {
  actions: ['ec2:DeleteTags'],
  resources: [volumes],
  conditions: { 'ForAllValues:StringLike': { 'aws:TagKeys': ['holdfast:*'] } },
};

/** EBS uses the key with the caller's rights, and only through EC2. https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html */
const throughEc2 = { 'kms:ViaService': 'ec2.${region}.amazonaws.com' };
const granting: Statement = {
  actions: ['kms:CreateGrant'],
  resources: [keys],
  conditions: { StringEquals: throughEc2, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
};
const encrypting: Statement = {
  actions: [
    'kms:Decrypt',
    'kms:DescribeKey',
    'kms:GenerateDataKeyWithoutPlaintext',
    'kms:ReEncryptFrom',
    'kms:ReEncryptTo',
  ],
  resources: [keys],
  conditions: { StringEquals: throughEc2 },
};
const decrypting: Statement = { actions: ['kms:Decrypt'], resources: [keys], conditions: { StringEquals: throughEc2 } };

type RecoveryStep = Exclude<StepName, 'plan-run' | 'begin-tiers' | 'settle' | 'retire'>;

export const restorePermissions: Partial<Readonly<Record<RecoveryStep, readonly Statement[]>>> = {
  'plan-recovery': [
    seeing,
    { actions: ['ec2:DescribeSnapshots', 'ec2:DescribeInstanceTypes'], resources: ['*'] },
    { actions: ['ec2:DescribeInstanceAttribute'], resources: [instances] },
    { actions: ['autoscaling:DescribeAutoScalingInstances'], resources: ['*'] },
    { actions: ['kms:DescribeKey'], resources: [keys] },
  ],
  'create-volumes': [
    seeingVolumes,
    { actions: ['ec2:CreateVolume'], resources: [volumes], conditions: asOurs },
    { actions: ['ec2:CreateVolume'], resources: [snapshots], conditions: ours },
    {
      actions: ['ec2:CreateTags'],
      resources: [volumes],
      conditions: { StringEquals: { 'ec2:CreateAction': 'CreateVolume' } },
    },
    granting,
    encrypting,
  ],
  'take-safety-snapshot': [
    { actions: ['ec2:DescribeSnapshots'], resources: ['*'] },
    { actions: ['ec2:CreateSnapshots'], resources: [instances, volumes] },
    { actions: ['ec2:CreateSnapshots'], resources: [snapshots], conditions: asOurs },
    {
      actions: ['ec2:CreateTags'],
      resources: [snapshots],
      conditions: { StringEquals: { 'ec2:CreateAction': 'CreateSnapshots' } },
    },
  ],
  'stop-instance': [seeingInstances, stopping],
  'detach-volumes': [seeing, marking, detaching],
  'attach-volumes': [
    seeing,
    { actions: ['ec2:AttachVolume'], resources: [instances, volumes] },
    setting,
    granting,
    decrypting,
  ],
  'start-instance': [seeingInstances, starting, granting, decrypting],
  'verify-recovery': [{ actions: ['ec2:DescribeInstanceStatus'], resources: ['*'] }],
  'commit-recovery': [seeing],
  'roll-back': [seeing, stopping, starting, attaching, setting, marking, unmarking, granting, decrypting],
  'abandon-recovery': [seeing],
};
