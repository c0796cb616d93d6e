import type { AttachVolumeRequest, DetachVolumeRequest, VolumeAttachment } from '@aws-sdk/client-ec2';
import { ApiError } from '../../kernel/service.ts';
import type { Ec2Context } from './context.ts';
import { emitVolume } from './events.ts';
import { keyFailure } from './keys.ts';
import { DEFAULT_INSTANCE_TYPE } from './launch-spec.ts';
import { instanceOf, volumeOf } from './lookup.ts';
import { ebsVolumeLimit } from './placement.ts';
import type { AttachmentRecord, InstanceRecord, VolumeRecord } from './records.ts';
import { incorrectState, invalidValue } from './refusals.ts';

/** EC2 User Guide, "Device names for volumes on Amazon EC2 instances" (HVM). */
const DEVICE_NAME = /^\/dev\/(sda1|sd[b-z]|xvda|xvd[b-z]|xvd[b-d][a-z])$/;

/**
 * AttachVolume: `available` volume, same zone, running or stopped instance, free device name. `in-use` at once, attached some seconds
 * later; DeleteOnTermination false (EC2 API AttachVolume).
 */
export function attachVolume(context: Ec2Context, input: AttachVolumeRequest): VolumeAttachment {
  const volume = volumeOf(context, input.VolumeId);
  const instance = instanceOf(context, input.InstanceId);
  const device = input.Device ?? '';
  checkAttachable(context, volume, instance);
  checkDevice(instance, device);
  if (attachedCount(context, instance) >= ebsVolumeLimit(instance.spec.type ?? DEFAULT_INSTANCE_TYPE)) {
    throw new ApiError('AttachmentLimitExceeded', `Attachment limit of instance '${instance.id}' reached.`);
  }
  const key = keyFailure(context, volume);
  if (key !== undefined) {
    throw new ApiError('CustomerKeyHasBeenRevoked', `The KMS key of volume '${volume.id}' is not accessible: ${key}`);
  }
  const attachTimeMs = context.clock.nowMs();
  const attachment: AttachmentRecord = { instanceId: instance.id, device, attachTimeMs, state: 'attaching' };
  volume.state = 'in-use';
  volume.attachment = attachment;
  instance.mappings.set(device, { volumeId: volume.id, attachTimeMs, status: 'attaching', deleteOnTermination: false });
  if (!hangs(context, volume, instance)) {
    settleAttach(context, volume, instance, attachment);
  }
  return describeAttachment(volume, attachment);
}

/** DetachVolume: a mounted device turns `busy`; a root only from a stopped instance (EC2 API DetachVolume). */
export function detachVolume(context: Ec2Context, input: DetachVolumeRequest): VolumeAttachment {
  const volume = volumeOf(context, input.VolumeId);
  const { attachment } = volume;
  if (!attachment) {
    throw incorrectState(`Volume '${volume.id}' is in the '${volume.state}' state.`);
  }
  const instance = instanceOf(context, input.InstanceId ?? attachment.instanceId);
  if (attachment.instanceId !== instance.id || (input.Device ?? attachment.device) !== attachment.device) {
    throw new ApiError(
      'InvalidAttachment.NotFound',
      `The volume '${volume.id}' is not attached to instance '${instance.id}'.`,
    );
  }
  if (attachment.device === instance.rootDevice && instance.state !== 'stopped') {
    throw new ApiError(
      'OperationNotPermitted',
      `Unable to detach root volume '${volume.id}' from instance '${instance.id}'`,
    );
  }
  if (input.Force) {
    context.arranged.hangingDetaches.delete(volume.id);
  } else if (attachment.state === 'detaching' || attachment.state === 'busy') {
    throw incorrectState(`Volume '${volume.id}' is in the '${attachment.state}' state.`);
  }
  beginDetach(context, volume, instance, attachment, input.Force === true);
  return describeAttachment(volume, attachment);
}

/** Ends detaches that waited for the guest to let go: it unmounted, or stopped. */
export function endBusyDetaches(context: Ec2Context, instance: InstanceRecord): void {
  for (const volume of context.volumes.values()) {
    const { attachment } = volume;
    const waits = attachment?.state === 'busy' || attachment?.state === 'detaching';
    if (
      waits &&
      attachment.instanceId === instance.id &&
      !context.arranged.hangingDetaches.has(volume.id) &&
      !instance.guest.isMounted(attachment.device)
    ) {
      completeDetach(context, volume, instance, attachment);
    }
  }
}

/** Cuts a volume loose at once, as termination does. */
export function cutLoose(context: Ec2Context, volume: VolumeRecord, instance: InstanceRecord): void {
  if (volume.attachment) {
    instance.mappings.delete(volume.attachment.device);
    instance.guest.detach(volume.attachment.device);
  }
  volume.attachment = undefined;
  volume.state = 'available';
  context.arranged.hangingDetaches.delete(volume.id);
}

function checkAttachable(context: Ec2Context, volume: VolumeRecord, instance: InstanceRecord): void {
  if (volume.attachment) {
    throw new ApiError('VolumeInUse', `${volume.id} is already attached to an instance`);
  }
  if (volume.state !== 'available') {
    throw incorrectState(`${volume.id} is not 'available'.`);
  }
  if (instance.state !== 'running' && instance.state !== 'stopped') {
    throw incorrectState(`Instance '${instance.id}' is not 'running'.`);
  }
  if (volume.availabilityZone !== instance.availabilityZone) {
    throw new ApiError(
      'InvalidVolume.ZoneMismatch',
      `The volume '${volume.id}' is not in the same availability zone as instance '${instance.id}'`,
    );
  }
  if (context.arranged.zonesDown.has(volume.availabilityZone)) {
    throw new ApiError('InternalError', 'An internal error has occurred', 500);
  }
}

function checkDevice(instance: InstanceRecord, device: string): void {
  if (!DEVICE_NAME.test(device)) {
    throw invalidValue(`Value (${device}) for parameter device is invalid. ${device} is not a valid EBS device name.`);
  }
  if (instance.mappings.has(device)) {
    throw invalidValue(`Invalid value '${device}' for unixDevice. Attachment point ${device} is already in use`);
  }
}

function attachedCount(context: Ec2Context, instance: InstanceRecord): number {
  return [...context.volumes.values()].filter((each) => each.attachment?.instanceId === instance.id).length;
}

/** The API takes sdf beside xvdf, the guest may not: the attachment then never ends. */
function hangs(context: Ec2Context, volume: VolumeRecord, instance: InstanceRecord): boolean {
  const { device } = volume.attachment ?? { device: '' };
  const letter = /(?:sd|xvd)([a-z]+)1?$/.exec(device)?.[1];
  const twin = [...instance.mappings.keys()].some(
    (other) => other !== device && /(?:sd|xvd)([a-z]+)1?$/.exec(other)?.[1] === letter,
  );
  return context.arranged.hangingAttaches.delete(volume.id) || twin;
}

function settleAttach(
  context: Ec2Context,
  volume: VolumeRecord,
  instance: InstanceRecord,
  attachment: AttachmentRecord,
): void {
  const { clock, durations } = context;
  const attachedMs = clock.nowMs() + durations.take('attachVolume');
  const isCurrent = () => volume.attachment === attachment && attachment.state === 'attaching';
  clock.at(attachedMs, () => {
    if (!isCurrent()) {
      return;
    }
    instance.guest.attach(attachment.device, volume.disk);
    const mapping = instance.mappings.get(attachment.device);
    if (mapping?.volumeId === volume.id) {
      mapping.status = 'attached';
    }
  });
  clock.at(attachedMs + durations.take('attachmentViewLag'), () => {
    if (isCurrent()) {
      attachment.state = 'attached';
      emitVolume(context, volume.id, 'attachVolume', 'attached');
    }
  });
}

function beginDetach(
  context: Ec2Context,
  volume: VolumeRecord,
  instance: InstanceRecord,
  attachment: AttachmentRecord,
  force: boolean,
): void {
  const { clock, durations } = context;
  const held = instance.state === 'running' && instance.guest.isMounted(attachment.device);
  const mapping = instance.mappings.get(attachment.device);
  attachment.state = 'detaching';
  if (mapping) {
    mapping.status = 'detaching';
  }
  if (!force && (held || context.arranged.hangingDetaches.has(volume.id))) {
    clock.at(clock.nowMs() + durations.take('noticeBusy'), () => {
      if (volume.attachment === attachment && instance.state === 'running') {
        attachment.state = 'busy';
      }
      endBusyDetaches(context, instance);
    });
    return;
  }
  clock.at(clock.nowMs() + durations.take('detachVolume'), () => completeDetach(context, volume, instance, attachment));
}

/** The volume is free at once; the instance's view forgets the mapping a little later, though its device name is free. */
function completeDetach(
  context: Ec2Context,
  volume: VolumeRecord,
  instance: InstanceRecord,
  attachment: AttachmentRecord,
): void {
  if (volume.attachment !== attachment) {
    return;
  }
  volume.attachment = undefined;
  volume.state = 'available';
  instance.guest.detach(attachment.device);
  const mapping = instance.mappings.get(attachment.device);
  instance.mappings.delete(attachment.device);
  if (!mapping) {
    return;
  }
  const ghost = { ...mapping, device: attachment.device };
  instance.ghostMappings.add(ghost);
  context.clock.at(context.clock.nowMs() + context.durations.take('attachmentViewLag'), () => {
    instance.ghostMappings.delete(ghost);
  });
}

function describeAttachment(volume: VolumeRecord, attachment: AttachmentRecord): VolumeAttachment {
  return {
    VolumeId: volume.id,
    InstanceId: attachment.instanceId,
    Device: attachment.device,
    State: attachment.state,
    AttachTime: new Date(attachment.attachTimeMs),
    DeleteOnTermination: false,
  };
}
