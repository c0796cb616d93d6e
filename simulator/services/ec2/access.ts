import type {
  AssociateAddressRequest,
  AttachVolumeRequest,
  CopySnapshotRequest,
  CreateImageRequest,
  CreateSnapshotRequest,
  CreateSnapshotsRequest,
  CreateTagsRequest,
  CreateVolumeRequest,
  DeleteSnapshotRequest,
  DeleteVolumeRequest,
  DeregisterImageRequest,
  DescribeImageAttributeRequest,
  DescribeInstanceAttributeRequest,
  DetachVolumeRequest,
  ModifyInstanceAttributeRequest,
  RunInstancesRequest,
  StartInstancesRequest,
  StopInstancesRequest,
  Tag,
  TagSpecification,
} from '@aws-sdk/client-ec2';
import { arn } from '../../iam/arn.ts';
import type { Access } from '../../kernel/service.ts';
import type { Ec2Context } from './context.ts';
import { customerKey } from './keys.ts';

type AccessOf<Input> = (context: Ec2Context, input: Input) => readonly Access[];
type Conditions = Record<string, string | readonly string[]>;

/** ARN and `aws:ResourceTag/…` of a resource that exists, or of one that does not (then without tags). */
export function onResource(context: Ec2Context, action: string, id: string | undefined): Access {
  const known =
    context.instances.get(id ?? '') ??
    context.volumes.get(id ?? '') ??
    context.snapshots.get(id ?? '') ??
    context.images.get(id ?? '') ??
    context.addresses.get(id ?? '');
  const tags = [...(known?.tags ?? [])];
  const conditions = Object.fromEntries(
    tags.flatMap(([key, value]) => [
      [`aws:ResourceTag/${key}`, value],
      [`ec2:ResourceTag/${key}`, value],
    ]),
  );
  const type = typeOf(id ?? '');
  const isOwned = known !== undefined && (type === 'image' || type === 'snapshot');
  const owner = isOwned ? { 'ec2:Owner': context.kernel.account } : {};
  return {
    ...{ action, resource: arn(context.kernel, 'ec2', `${type}/${id ?? '*'}`) },
    context: { ...conditions, ...owner },
  };
}

function typeOf(id: string): 'instance' | 'volume' | 'snapshot' | 'image' | 'elastic-ip' {
  if (id.startsWith('eipalloc-')) {
    return 'elastic-ip';
  }
  if (id.startsWith('ami-')) {
    return 'image';
  }
  if (id.startsWith('vol-')) {
    return 'volume';
  }
  return id.startsWith('snap-') ? 'snapshot' : 'instance';
}

function requestTags(tags: readonly Tag[]): Conditions {
  const conditions: Conditions = {};
  for (const { Key: key, Value: value } of tags) {
    conditions[`aws:RequestTag/${key}`] = value ?? '';
  }
  return tags.length > 0 ? { ...conditions, 'aws:TagKeys': tags.map(({ Key: key }) => key ?? '') } : conditions;
}

/** A create, and the ec2:CreateTags that its tags imply (EC2 User Guide, "Grant permission to tag resources during creation"). */
function onNew(
  context: Ec2Context,
  operation: string,
  resource: 'snapshot' | 'volume' | 'image' | 'instance',
  specifications: readonly TagSpecification[] | undefined,
  alwaysTags = false,
): readonly Access[] {
  const tags = (specifications ?? []).flatMap((each) => each.Tags ?? []);
  const target = arn(context.kernel, 'ec2', `${resource}/*`);
  const create: Access = { action: `ec2:${operation}`, resource: target, context: requestTags(tags) };
  const tag: Access = {
    action: 'ec2:CreateTags',
    resource: target,
    context: { ...requestTags(tags), 'ec2:CreateAction': operation },
  };
  return tags.length > 0 || alwaysTags ? [create, tag] : [create];
}

/** EBS asks KMS in the caller's name (EBS User Guide, "Requirements for Amazon EBS encryption"); the AWS managed key needs no permission. */
function onKey(context: Ec2Context, kmsKeyId: string | undefined, actions: readonly string[]): readonly Access[] {
  const key = customerKey(context, kmsKeyId);
  if (key === undefined) {
    return [];
  }
  const resource = key.startsWith('arn:')
    ? key
    : arn(context.kernel, 'kms', key.startsWith('alias/') ? key : `key/${key}`);
  const conditions = {
    'kms:ViaService': `ec2.${context.kernel.regionName}.amazonaws.com`,
    'kms:GrantIsForAWSResource': 'true',
  };
  return actions.map((action) => ({ action, resource, context: conditions }));
}

const createSnapshots: AccessOf<CreateSnapshotsRequest> = (context, input) => {
  const instanceId = input.InstanceSpecification?.InstanceId;
  const volumes = [...context.volumes.values()].filter((each) => each.attachment?.instanceId === instanceId);
  const excluded = input.InstanceSpecification?.ExcludeDataVolumeIds ?? [];
  return [
    onResource(context, 'ec2:CreateSnapshots', instanceId),
    ...volumes
      .filter(({ id }) => !excluded.includes(id))
      .map(({ id }) => onResource(context, 'ec2:CreateSnapshots', id)),
    ...onNew(context, 'CreateSnapshots', 'snapshot', input.TagSpecifications, input.CopyTagsFromSource === 'volume'),
  ];
};

/**
 * The source in its Region, the copy in this one (EBS: "additional resource-level permissions for copying snapshots", 2025), and the keys of
 * both (EBS User Guide, "Copy an Amazon EBS snapshot").
 */
const copySnapshot: AccessOf<CopySnapshotRequest> = (context, input) => {
  const from = context.elsewhere(input.SourceRegion ?? '');
  const source = from?.snapshots.get(input.SourceSnapshotId ?? '');
  const making = ['kms:CreateGrant', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:DescribeKey'];
  return [
    ...(from === undefined
      ? []
      : [
          onResource(from, 'ec2:CopySnapshot', input.SourceSnapshotId),
          ...onKey(from, source?.kmsKeyId, ['kms:Decrypt', 'kms:CreateGrant', 'kms:DescribeKey']),
        ]),
    ...onNew(context, 'CopySnapshot', 'snapshot', input.TagSpecifications),
    ...onKey(context, input.KmsKeyId, making),
  ];
};

const createImage: AccessOf<CreateImageRequest> = (context, input) => [
  onResource(context, 'ec2:CreateImage', input.InstanceId),
  ...(['image', 'snapshot'] as const).flatMap((type) => {
    const specified = input.TagSpecifications?.filter(({ ResourceType: each }) => each === type);
    return onNew(context, 'CreateImage', type, specified);
  }),
];

/** Also the role of the profile, which must be one that the caller may pass on (assumed: it is named as its profile). */
const runInstances: AccessOf<RunInstancesRequest> = (context, input) => {
  const ofAccount = (resource: string): Access => ({
    action: 'ec2:RunInstances',
    resource: arn(context.kernel, 'ec2', resource),
  });
  const profile = input.IamInstanceProfile?.Arn;
  return [
    onResource(context, 'ec2:RunInstances', input.ImageId),
    ...(['instance', 'volume'] as const).flatMap((type) => {
      const specified = input.TagSpecifications?.filter(({ ResourceType: each }) => each === type);
      return onNew(context, 'RunInstances', type, specified);
    }),
    ofAccount('network-interface/*'),
    ...(input.SubnetId === undefined ? [] : [ofAccount(`subnet/${input.SubnetId}`)]),
    ...(input.SecurityGroupIds ?? []).map((id) => ofAccount(`security-group/${id}`)),
    ...(input.KeyName === undefined ? [] : [ofAccount(`key-pair/${input.KeyName}`)]),
    ...(profile === undefined
      ? []
      : [
          {
            action: 'iam:PassRole',
            resource: profile.replace(':instance-profile/', ':role/'),
            context: { 'iam:PassedToService': 'ec2.amazonaws.com' },
          },
        ]),
  ];
};

const createVolume: AccessOf<CreateVolumeRequest> = (context, input) => {
  const snapshot = context.snapshots.get(input.SnapshotId ?? '');
  const source = input.SnapshotId === undefined ? [] : [onResource(context, 'ec2:CreateVolume', input.SnapshotId)];
  const keyActions = ['kms:CreateGrant', 'kms:GenerateDataKeyWithoutPlaintext'];
  return [
    ...onNew(context, 'CreateVolume', 'volume', input.TagSpecifications),
    ...source,
    ...onKey(context, input.KmsKeyId ?? snapshot?.kmsKeyId, keyActions),
    ...onKey(context, snapshot?.kmsKeyId, ['kms:Decrypt']),
  ];
};

const startInstances: AccessOf<StartInstancesRequest> = (context, input) =>
  (input.InstanceIds ?? []).flatMap((id) => {
    const volumes = [...context.volumes.values()].filter((each) => each.attachment?.instanceId === id);
    const keys = new Set(volumes.map(({ kmsKeyId }) => kmsKeyId));
    return [
      onResource(context, 'ec2:StartInstances', id),
      ...[...keys].flatMap((key) => onKey(context, key, ['kms:CreateGrant'])),
    ];
  });

const attachVolume: AccessOf<AttachVolumeRequest> = (context, input) => [
  onResource(context, 'ec2:AttachVolume', input.InstanceId),
  onResource(context, 'ec2:AttachVolume', input.VolumeId),
  ...onKey(context, context.volumes.get(input.VolumeId ?? '')?.kmsKeyId, ['kms:CreateGrant']),
];

const detachVolume: AccessOf<DetachVolumeRequest> = (context, input) => {
  const attachedTo = context.volumes.get(input.VolumeId ?? '')?.attachment?.instanceId;
  const instanceId = input.InstanceId ?? attachedTo;
  return [
    ...(instanceId === undefined ? [] : [onResource(context, 'ec2:DetachVolume', instanceId)]),
    onResource(context, 'ec2:DetachVolume', input.VolumeId),
  ];
};

const tagging =
  (action: string): AccessOf<CreateTagsRequest> =>
  (context, input) =>
    (input.Resources ?? []).map((id) => {
      const access = onResource(context, action, id);
      return { ...access, context: { ...access.context, ...requestTags(input.Tags ?? []) } };
    });

// biome-ignore lint/suspicious/noExplicitAny: a registry of functions, each typed by its own operation's input
const OPERATIONS: Readonly<Record<string, AccessOf<any>>> = {
  CreateSnapshots: createSnapshots,
  CreateSnapshot: (context, input: CreateSnapshotRequest) => [
    onResource(context, 'ec2:CreateSnapshot', input.VolumeId),
    ...onNew(context, 'CreateSnapshot', 'snapshot', input.TagSpecifications),
  ],
  DeleteSnapshot: (context, input: DeleteSnapshotRequest) => [
    onResource(context, 'ec2:DeleteSnapshot', input.SnapshotId),
  ],
  CopySnapshot: copySnapshot,
  CreateImage: createImage,
  DeregisterImage: (context, input: DeregisterImageRequest) => [
    onResource(context, 'ec2:DeregisterImage', input.ImageId),
  ],
  DescribeImageAttribute: (context, input: DescribeImageAttributeRequest) => [
    onResource(context, 'ec2:DescribeImageAttribute', input.ImageId),
  ],
  CreateVolume: createVolume,
  DeleteVolume: (context, input: DeleteVolumeRequest) => [onResource(context, 'ec2:DeleteVolume', input.VolumeId)],
  AttachVolume: attachVolume,
  DetachVolume: detachVolume,
  StopInstances: (context, input: StopInstancesRequest) =>
    (input.InstanceIds ?? []).map((id) => onResource(context, 'ec2:StopInstances', id)),
  // The interface, too (assumed: the reference lists all three, and not which are asked for when an instance is named).
  AssociateAddress: (context, input: AssociateAddressRequest) => [
    onResource(context, 'ec2:AssociateAddress', input.AllocationId),
    onResource(context, 'ec2:AssociateAddress', input.InstanceId),
    { action: 'ec2:AssociateAddress', resource: arn(context.kernel, 'ec2', 'network-interface/*') },
  ],
  RunInstances: runInstances,
  StartInstances: startInstances,
  ModifyInstanceAttribute: (context, input: ModifyInstanceAttributeRequest) => [
    onResource(context, 'ec2:ModifyInstanceAttribute', input.InstanceId),
  ],
  DescribeInstanceAttribute: (context, input: DescribeInstanceAttributeRequest) => [
    onResource(context, 'ec2:DescribeInstanceAttribute', input.InstanceId),
  ],
  CreateTags: tagging('ec2:CreateTags'),
  DeleteTags: tagging('ec2:DeleteTags'),
};

/**
 * What a call needs of IAM, by the resource types of the Service Authorization Reference ("Actions, resources, and condition keys
 * for Amazon EC2"). Describe calls know no resources: `*`.
 */
export function ec2Access(context: Ec2Context, operation: string, input: unknown): readonly Access[] {
  const specific = OPERATIONS[operation];
  return specific ? specific(context, input) : [{ action: `ec2:${operation}`, resource: '*' }];
}
