import type { Reservation, RunInstancesRequest } from '@aws-sdk/client-ec2';
import { copyDisk } from '../../guest/disk.ts';
import { ApiError } from '../../kernel/service.ts';
import { clientTokenSeen, rememberClientToken } from './client-tokens.ts';
import type { Ec2Context } from './context.ts';
import { describeInstance } from './describe-instances.ts';
import { beginStart } from './instance-lifecycle.ts';
import { createInstance } from './launch.ts';
import { DEFAULT_INSTANCE_TYPE, type LaunchSpec } from './launch-spec.ts';
import { imageOf, instanceOf, snapshotOf } from './lookup.ts';
import type { ImageRecord, InstanceRecord, Tags, VolumeRecord } from './records.ts';
import { notSimulated } from './refusals.ts';
import { specifiedTagsAmong } from './tags.ts';

/** RunInstances of one machine from an image made here, in a zone's subnet. The same client token gives the same machine. */
export function runInstances(context: Ec2Context, input: RunInstancesRequest): Reservation {
  const known = clientTokenSeen(context, input);
  if (known !== undefined) return reservationOf(context, instanceOf(context, known));
  if (input.MinCount !== 1 || input.MaxCount !== 1) throw notSimulated('RunInstances of more than one');
  const image = imageOf(context, input.ImageId);
  if (image.state !== 'available') {
    throw new ApiError('InvalidAMIID.Unavailable', `The image id '[${image.id}]' is no longer available`);
  }
  const availabilityZone = zoneOf(context, input);
  const tags = specifiedTagsAmong(input.TagSpecifications, ['instance', 'volume'], 'instance');
  const volumeTags = specifiedTagsAmong(input.TagSpecifications, ['instance', 'volume'], 'volume');
  const id = `i-${context.random.hex(17)}`;
  const instance = createInstance(context, specOf(context, image, input, availabilityZone), {
    ...{ id, availabilityZone, rootDevice: image.rootDevice, imageId: image.id, clientToken: input.ClientToken },
  });
  instance.tags.clear();
  for (const [key, value] of tags) instance.tags.set(key, value);
  for (const [path, program] of instanceOf(context, image.instanceId).guest.programs()) {
    instance.guest.installProgram(path, program);
  }
  for (const [device, snapshotId] of image.snapshotIds) plugIn(context, instance, { device, snapshotId, volumeTags });
  instance.state = 'pending';
  instance.hasRun = false;
  beginStart(context, instance);
  rememberClientToken(context, input, id);
  return reservationOf(context, instance);
}

const reservationOf = (context: Ec2Context, instance: InstanceRecord): Reservation => ({
  ReservationId: instance.id.replace('i-', 'r-'),
  OwnerId: context.kernel.account,
  Instances: [describeInstance(context, instance)],
});

/** What is on the image is as on its source; what EC2 gives a machine is as told. */
function specOf(
  context: Ec2Context,
  image: ImageRecord,
  input: RunInstancesRequest,
  availabilityZone: string,
): LaunchSpec {
  const {
    elasticIp: _elastic,
    elasticIpOwner: _owner,
    keyName: _key,
    userData: _data,
    roleArn: _role,
    ...source
  } = instanceOf(context, image.instanceId).spec;
  return {
    ...source,
    type: input.InstanceType ?? DEFAULT_INSTANCE_TYPE,
    availabilityZone,
    ...(input.KeyName === undefined ? {} : { keyName: input.KeyName }),
    ...(input.UserData === undefined ? {} : { userData: Buffer.from(input.UserData, 'base64').toString('utf8') }),
    ...(input.IamInstanceProfile?.Arn === undefined
      ? {}
      : { roleArn: input.IamInstanceProfile.Arn.replace(':instance-profile/', ':role/') }),
  };
}

/** A zone's subnet is called after it (`describe-instances.ts`). */
function zoneOf(context: Ec2Context, { SubnetId = '' }: RunInstancesRequest): string {
  const zone = context.zones.find((each) => SubnetId === `subnet-0000000000000000${each.at(-1)}`);
  if (zone === undefined) {
    throw new ApiError('InvalidSubnetID.NotFound', `The subnet ID '${SubnetId}' does not exist`);
  }
  if (context.arranged.zonesDown.has(zone)) {
    throw new ApiError('InsufficientInstanceCapacity', `We currently do not have sufficient capacity in ${zone}.`, 500);
  }
  return zone;
}

interface Plug {
  readonly device: string;
  readonly snapshotId: string;
  readonly volumeTags: Tags;
}

function plugIn(context: Ec2Context, instance: InstanceRecord, { device, snapshotId, volumeTags }: Plug): void {
  const snapshot = snapshotOf(context, snapshotId);
  const attachTimeMs = context.clock.nowMs();
  const volume: VolumeRecord = {
    id: `vol-${context.random.hex(17)}`,
    availabilityZone: instance.availabilityZone,
    ...{ sizeGib: snapshot.sizeGib, type: 'gp3', iops: 3000, throughput: 125, encrypted: snapshot.encrypted },
    ...{ kmsKeyId: snapshot.kmsKeyId, snapshotId, tags: new Map(volumeTags) },
    ...{ createTimeMs: attachTimeMs, visibleAtMs: attachTimeMs, disk: copyDisk(snapshot.disk), state: 'in-use' },
    attachment: { instanceId: instance.id, device, attachTimeMs, state: 'attached' },
    lastSnapshotMs: undefined,
  };
  context.volumes.set(volume.id, volume);
  instance.mappings.set(device, { volumeId: volume.id, attachTimeMs, status: 'attached', deleteOnTermination: true });
  instance.guest.attach(device, volume.disk);
}
