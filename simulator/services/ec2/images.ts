import type {
  CreateImageRequest,
  CreateImageResult,
  DeregisterImageRequest,
  DeregisterImageResult,
  TagSpecification,
} from '@aws-sdk/client-ec2';
import { ApiError } from '../../kernel/service.ts';
import type { Ec2Context } from './context.ts';
import { imageOf, instanceOf } from './lookup.ts';
import type { ImageRecord, InstanceRecord, VolumeRecord } from './records.ts';
import { incorrectInstanceState, invalidValue, notSimulated } from './refusals.ts';
import { checkSnapshotLimits } from './snapshot-limits.ts';
import { takeSnapshot } from './snapshots.ts';
import { checkTagCount, specifiedTagsAmong } from './tags.ts';

/** EC2 API, CreateImage. */
const IMAGE_NAME = /^[A-Za-z0-9()[\] ./\-'@_]{3,128}$/;

/**
 * CreateImage: answered with an id before anything is copied. The snapshots begin a moment later, one volume after the other (assumed:
 * AWS promises no common moment), of a machine that is shut down for them unless told NoReboot.
 */
export function createImage(context: Ec2Context, input: CreateImageRequest): CreateImageResult {
  const instance = imageable(context, input.InstanceId);
  const name = freeName(context, input.Name);
  const specifications = input.TagSpecifications ?? [];
  const snapshotTags = tagsFor(context, specifications, 'snapshot');
  const volumes = [...context.volumes.values()].filter(({ attachment }) => attachment?.instanceId === instance.id);
  checkSnapshotLimits(context, volumes);
  const nowMs = context.clock.nowMs();
  const image: ImageRecord = {
    ...{ id: `ami-${context.random.hex(17)}`, name, instanceId: instance.id, description: input.Description ?? '' },
    ...{ rootDevice: instance.rootDevice, devices: volumes.map(({ attachment }) => attachment?.device ?? '') },
    ...{ tags: tagsFor(context, specifications, 'image'), snapshotTags, creationTimeMs: nowMs },
    ...{ visibleAtMs: nowMs + context.durations.take('visibility'), goneAtMs: undefined },
    ...{ snapshotIds: new Map(), state: 'pending', problem: undefined, sharedWith: [], isProtected: false },
  };
  context.images.set(image.id, image);
  const isRebooted = input.NoReboot !== true && instance.state === 'running';
  context.clock.at(nowMs + context.durations.take('beginImage'), () => {
    if (isRebooted) instance.guest.shutdown();
    takeNext(context, image, volumes, () => isRebooted && bootAgain(context, instance));
  });
  return { ImageId: image.id };
}

/** DeregisterImage: the image goes, its snapshots stay (EC2 User Guide, "Deregister an Amazon EC2 AMI"). */
export function deregisterImage(context: Ec2Context, input: DeregisterImageRequest): DeregisterImageResult {
  const image = imageOf(context, input.ImageId);
  if (input.DeleteAssociatedSnapshots) {
    throw notSimulated('DeregisterImage with DeleteAssociatedSnapshots');
  }
  if (image.isProtected) {
    throw new ApiError('OperationNotPermitted', `Deregistration protection is enabled for ${image.id}.`);
  }
  image.goneAtMs ??= context.clock.nowMs() + context.durations.take('visibility');
  for (const id of image.snapshotIds.values()) {
    const snapshot = context.snapshots.get(id);
    if (snapshot) snapshot.usedByImage = undefined;
  }
  return { Return: true };
}

function imageable(context: Ec2Context, id: string | undefined): InstanceRecord {
  const instance = instanceOf(context, id);
  if (instance.state !== 'running' && instance.state !== 'stopped') {
    throw incorrectInstanceState(`The instance '${instance.id}' is not in a state from which it can be imaged.`);
  }
  if (instance.spec.rootDeviceType === 'instance-store') {
    throw invalidValue(`The instance '${instance.id}' does not have an 'ebs' root device type.`);
  }
  return instance;
}

function freeName(context: Ec2Context, name = ''): string {
  if (!IMAGE_NAME.test(name)) {
    throw new ApiError('InvalidAMIName.Malformed', `AMI names must be between 3 and 128 characters long: '${name}'`);
  }
  const taken = [...context.images.values()].find((each) => each.name === name && each.goneAtMs === undefined);
  if (taken) {
    throw new ApiError('InvalidAMIName.Duplicate', `AMI name ${name} is already in use by AMI ${taken.id}`);
  }
  return name;
}

function tagsFor(context: Ec2Context, specifications: readonly TagSpecification[], type: 'image' | 'snapshot') {
  const tags = specifiedTagsAmong(specifications, ['image', 'snapshot'], type);
  checkTagCount(tags, context.limits.tagsPerResource);
  return tags;
}

function takeNext(context: Ec2Context, image: ImageRecord, left: readonly VolumeRecord[], done: () => void): void {
  const [volume, ...others] = left;
  if (volume === undefined) {
    done();
    return;
  }
  const snapshot = takeSnapshot(context, volume, new Map(image.snapshotTags), descriptionOf(image), undefined);
  snapshot.usedByImage = image.id;
  image.snapshotIds.set(volume.attachment?.device ?? '', snapshot.id);
  context.clock.at(context.clock.nowMs() + context.durations.take('nextImageSnapshot'), () =>
    takeNext(context, image, others, done),
  );
}

const descriptionOf = ({ id, instanceId }: ImageRecord): string => `Created by CreateImage(${instanceId}) for ${id}`;

/** Its state is `running` all the while, as with any reboot. */
function bootAgain(context: Ec2Context, instance: InstanceRecord): void {
  context.clock.at(context.clock.nowMs() + context.durations.take('startInstance'), () => {
    if (instance.state === 'running') instance.guest.boot();
  });
}
