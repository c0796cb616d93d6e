import type { DescribeVolumesRequest, DescribeVolumesResult, Volume } from '@aws-sdk/client-ec2';
import type { Ec2Context } from './context.ts';
import { type FilterValues, passes } from './filters.ts';
import { checkAllFound, isVisible } from './lookup.ts';
import { refuseIdsWithPages, takePage } from './pages.ts';
import type { VolumeRecord } from './records.ts';
import { tagList } from './tags.ts';

const FILTERS: FilterValues<VolumeRecord> = {
  'volume-id': (each) => [each.id],
  status: (each) => [each.state],
  size: (each) => [String(each.sizeGib)],
  'snapshot-id': (each) => [each.snapshotId ?? ''],
  'volume-type': (each) => [each.type],
  encrypted: (each) => [String(each.encrypted)],
  'availability-zone': (each) => [each.availabilityZone],
  'create-time': (each) => [new Date(each.createTimeMs).toISOString()],
  'attachment.instance-id': (each) => [each.attachment?.instanceId],
  'attachment.device': (each) => [each.attachment?.device],
  'attachment.status': (each) => [each.attachment?.state],
};

export function describeVolumes(context: Ec2Context, input: DescribeVolumesRequest): DescribeVolumesResult {
  const ids = input.VolumeIds ?? [];
  refuseIdsWithPages(ids, input, 'volumesSet');
  const visible = [...context.volumes.values()].filter((each) => isVisible(context, each));
  checkAllFound('volume', ids, visible);
  const passed = visible
    .filter(passes(input.Filters, FILTERS))
    .filter(({ id }) => ids.length === 0 || ids.includes(id));
  const { items, nextToken } = takePage(context, passed, input);
  return {
    Volumes: items.map((each) => describeVolume(each, deleteOnTermination(context, each))),
    NextToken: nextToken,
  };
}

function deleteOnTermination(context: Ec2Context, { attachment }: VolumeRecord): boolean {
  const mapping = attachment && context.instances.get(attachment.instanceId)?.mappings.get(attachment.device);
  return mapping?.deleteOnTermination ?? false;
}

/** A volume in the API's shape. */
export function describeVolume(volume: VolumeRecord, deleteOnTermination = false): Volume {
  const { attachment } = volume;
  return {
    VolumeId: volume.id,
    AvailabilityZone: volume.availabilityZone,
    State: volume.state,
    Size: volume.sizeGib,
    VolumeType: volume.type,
    Iops: volume.iops,
    Throughput: volume.throughput,
    Encrypted: volume.encrypted,
    KmsKeyId: volume.kmsKeyId,
    SnapshotId: volume.snapshotId ?? '',
    MultiAttachEnabled: false,
    CreateTime: new Date(volume.createTimeMs),
    Tags: tagList(volume.tags),
    Attachments: attachment
      ? [
          {
            VolumeId: volume.id,
            InstanceId: attachment.instanceId,
            Device: attachment.device,
            State: attachment.state,
            AttachTime: new Date(attachment.attachTimeMs),
            DeleteOnTermination: deleteOnTermination,
          },
        ]
      : [],
  };
}
