/** Which instances and volumes a policy's selectors mean. Pure: over what DescribeInstances and DescribeVolumes returned. */
import type { Instance, Volume } from '@aws-sdk/client-ec2';
import type { InstanceSelector, Member, VolumeSelector, Workload } from '#domain/policy.ts';
import type { EbsDetail } from './detail.ts';

type Tagged = {
  readonly Tags?: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined;
};

/** Tags as a record; `aws:` and `holdfast:` keys left out where only the owner's are wanted. */
export const tagsOf = ({ Tags = [] }: Tagged): Record<string, string> =>
  Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));

export const ownTagsOf = (resource: Tagged): Record<string, string> =>
  Object.fromEntries(
    Object.entries(tagsOf(resource)).filter(([key]) => !key.startsWith('aws:') && !key.startsWith('holdfast:')),
  );

export const isTaggedByUs = (resource: Tagged): boolean =>
  Object.keys(tagsOf(resource)).some((key) => key.startsWith('holdfast:'));

export const isInstance = (selector: InstanceSelector, instance: Instance): boolean =>
  'id' in selector ? instance.InstanceId === selector.id : hasTags(selector.tags, instance);

/** The settings of each EBS volume attached to an instance, selected or not. */
export function attachedVolumes(instance: Instance, volumes: readonly Volume[]): readonly EbsDetail[] {
  const mappings = instance.BlockDeviceMappings ?? [];
  return mappings.flatMap((mapping) => {
    const volume = volumes.find(({ VolumeId }) => VolumeId === mapping.Ebs?.VolumeId);
    return volume === undefined
      ? []
      : [detailOf(instance, volume, mapping.DeviceName ?? '', mapping.Ebs?.DeleteOnTermination ?? false)];
  });
}

function detailOf(instance: Instance, volume: Volume, device: string, deleteOnTermination: boolean): EbsDetail {
  return {
    instanceId: instance.InstanceId ?? '',
    volumeId: volume.VolumeId ?? '',
    device,
    root: device === instance.RootDeviceName,
    availabilityZone: volume.AvailabilityZone ?? '',
    type: volume.VolumeType ?? 'gp2',
    sizeGib: volume.Size ?? 0,
    // gp2's baseline follows from its size, and CreateVolume refuses to be told it.
    ...(volume.Iops !== undefined && ['gp3', 'io1', 'io2'].includes(volume.VolumeType ?? '')
      ? { iops: volume.Iops }
      : {}),
    ...(volume.Throughput === undefined ? {} : { throughput: volume.Throughput }),
    encrypted: volume.Encrypted ?? false,
    ...(volume.KmsKeyId === undefined ? {} : { kmsKeyId: volume.KmsKeyId }),
    deleteOnTermination,
    tags: ownTagsOf(volume),
  };
}

export function isSelected(selector: VolumeSelector, volume: EbsDetail): boolean {
  if (selector === 'all') return true;
  if (selector === 'data') return !volume.root;
  if ('devices' in selector) return selector.devices.includes(volume.device);
  return Object.entries(selector.tags).every(([key, value]) => volume.tags[key] === value);
}

/** Another workload that means this volume too, if there is one. */
export function claimant(volume: EbsDetail, instance: Instance, others: readonly Workload[]): Workload | undefined {
  const claims = (member: Member) =>
    'instance' in member &&
    isInstance(member.instance, instance) &&
    // An image has all of them.
    (member.kind === 'ami' || isSelected(member.volumes, volume));
  return others.find(({ members }) => members.some(claims));
}

const hasTags = (wanted: Readonly<Record<string, string>>, resource: Tagged): boolean => {
  const tags = tagsOf(resource);
  return Object.entries(wanted).every(([key, value]) => tags[key] === value);
};
