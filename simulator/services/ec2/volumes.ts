import type { CreateVolumeRequest, DeleteVolumeRequest, Volume, VolumeType } from '@aws-sdk/client-ec2';
import { copyDisk, createDisk } from '../../guest/disk.ts';
import { ApiError } from '../../kernel/service.ts';
import { clientTokenSeen, rememberClientToken } from './client-tokens.ts';
import type { Ec2Context } from './context.ts';
import { describeVolume } from './describe-volumes.ts';
import { emitVolume } from './events.ts';
import { defaultKeyArn, keyArn, keyFailure } from './keys.ts';
import { snapshotOf, volumeOf } from './lookup.ts';
import type { SnapshotRecord, VolumeRecord } from './records.ts';
import { incorrectState, invalidCombination, invalidValue, missingParameter, notSimulated } from './refusals.ts';
import { checkTagCount, specifiedTags } from './tags.ts';

const BASELINES: Partial<Record<VolumeType, { iops?: number; throughput?: number }>> = {
  gp3: { iops: 3_000, throughput: 125 },
};

/**
 * CreateVolume. The key is checked only later: the call succeeds, and a volume whose key cannot be used vanishes from `creating`
 * (EC2 API CreateVolume; EBS User Guide, "EventBridge events for EBS"). A client token makes a repeated call give the same volume.
 */
export function createVolume(context: Ec2Context, input: CreateVolumeRequest): Volume {
  const known = clientTokenSeen(context, input);
  if (known !== undefined) {
    const volume = context.volumes.get(known);
    return volume ? describeVolume(volume) : { VolumeId: known };
  }
  const volume = newVolume(context, input);
  rememberClientToken(context, input, volume.id);
  context.volumes.set(volume.id, volume);
  settleCreation(context, volume);
  return describeVolume(volume);
}

/** DeleteVolume: `available` (or `error`) only; some seconds of `deleting`, then gone. */
export function deleteVolume(context: Ec2Context, input: DeleteVolumeRequest): Record<string, never> {
  const volume = volumeOf(context, input.VolumeId);
  if (volume.attachment) {
    throw new ApiError('VolumeInUse', `Volume ${volume.id} is currently attached to ${volume.attachment.instanceId}`);
  }
  if (volume.state !== 'available' && volume.state !== 'error') {
    throw incorrectState(`The volume '${volume.id}' is not 'available'.`);
  }
  removeVolume(context, volume);
  return {};
}

/** Takes a volume away in its time, with the event; used by DeleteVolume and by termination. */
export function removeVolume(context: Ec2Context, volume: VolumeRecord): void {
  volume.state = 'deleting';
  context.clock.at(context.clock.nowMs() + context.durations.take('deleteVolume'), () => {
    context.volumes.delete(volume.id);
    emitVolume(context, volume.id, 'deleteVolume', 'deleted');
  });
}

function newVolume(context: Ec2Context, input: CreateVolumeRequest): VolumeRecord {
  if (input.MultiAttachEnabled || input.OutpostArn !== undefined) {
    throw notSimulated('CreateVolume with MultiAttachEnabled or OutpostArn');
  }
  const availabilityZone = checkZone(context, input.AvailabilityZone);
  const snapshot = input.SnapshotId === undefined ? undefined : completedSnapshot(context, input.SnapshotId);
  const type = input.VolumeType ?? 'gp2';
  checkPerformance(input, type);
  const tags = specifiedTags(input.TagSpecifications, 'volume');
  checkTagCount(tags, context.limits.tagsPerResource);
  const nowMs = context.clock.nowMs();
  return {
    id: `vol-${context.random.hex(17)}`,
    availabilityZone,
    sizeGib: sizeOf(input, snapshot),
    type,
    iops: input.Iops ?? BASELINES[type]?.iops,
    throughput: input.Throughput ?? BASELINES[type]?.throughput,
    ...encryptionOf(context, input, snapshot),
    snapshotId: snapshot?.id,
    tags,
    createTimeMs: nowMs,
    visibleAtMs: nowMs + context.durations.take('visibility'),
    disk: snapshot ? copyDisk(snapshot.disk) : createDisk(),
    state: 'creating',
    attachment: undefined,
    lastSnapshotMs: undefined,
  };
}

function settleCreation(context: Ec2Context, volume: VolumeRecord): void {
  if (context.arranged.endlessVolumes > 0) {
    context.arranged.endlessVolumes -= 1;
    return;
  }
  const cause = keyFailure(context, volume) ?? arrangedFailure(context, volume);
  const duration = volume.snapshotId === undefined ? 'createEmptyVolume' : 'createVolumeFromSnapshot';
  const atMs = context.clock.nowMs() + context.durations.take(cause === undefined ? duration : 'keyFailure');
  context.clock.at(atMs, () => {
    if (cause === undefined) {
      volume.state = 'available';
      emitVolume(context, volume.id, 'createVolume', 'available');
      return;
    }
    context.volumes.delete(volume.id);
    const key = volume.kmsKeyId ?? defaultKeyArn(context);
    emitVolume(context, volume.id, 'createVolume', 'failed', { cause, keyArn: key });
  });
}

function arrangedFailure(context: Ec2Context, volume: VolumeRecord): string | undefined {
  if (context.arranged.vanishingVolumes === 0) {
    return undefined;
  }
  context.arranged.vanishingVolumes -= 1;
  return `${volume.kmsKeyId ?? defaultKeyArn(context)} is disabled.`;
}

function checkZone(context: Ec2Context, zone: string | undefined): string {
  if (zone === undefined) {
    throw missingParameter('AvailabilityZone');
  }
  if (!context.zones.includes(zone)) {
    throw new ApiError('InvalidZone.NotFound', `The zone '${zone}' does not exist.`);
  }
  if (context.arranged.zonesDown.has(zone)) {
    throw new ApiError('InsufficientVolumeCapacity', `There is not enough capacity in ${zone} for this volume.`, 500);
  }
  return zone;
}

function completedSnapshot(context: Ec2Context, id: string): SnapshotRecord {
  const snapshot = snapshotOf(context, id);
  if (snapshot.state !== 'completed') {
    throw incorrectState(`Snapshot '${id}' is in the '${snapshot.state}' state, not 'completed'.`);
  }
  return snapshot;
}

function sizeOf(input: CreateVolumeRequest, snapshot: SnapshotRecord | undefined): number {
  const size = input.Size ?? snapshot?.sizeGib;
  if (size === undefined) {
    throw missingParameter('Size or SnapshotId');
  }
  if (snapshot && size < snapshot.sizeGib) {
    throw invalidValue(`The volume size ${size} is smaller than the snapshot's ${snapshot.sizeGib} GiB.`);
  }
  return size;
}

function checkPerformance(input: CreateVolumeRequest, type: VolumeType): void {
  const takesIops = type === 'gp3' || type === 'io1' || type === 'io2';
  if (input.Iops !== undefined && !takesIops) {
    throw invalidCombination(`The parameter iops is not supported for ${type} volumes.`);
  }
  if (input.Iops === undefined && (type === 'io1' || type === 'io2')) {
    throw missingParameter('iops');
  }
  if (input.Throughput !== undefined && type !== 'gp3') {
    throw invalidCombination(`The parameter throughput is not supported for ${type} volumes.`);
  }
}

/** What is encrypted stays encrypted, under its own key unless another is named. */
function encryptionOf(context: Ec2Context, input: CreateVolumeRequest, snapshot: SnapshotRecord | undefined) {
  if (input.KmsKeyId !== undefined && input.Encrypted !== true && !snapshot?.encrypted) {
    throw invalidCombination('The parameter KmsKeyId requires the parameter Encrypted to be set.');
  }
  if (snapshot?.encrypted && input.Encrypted === false) {
    throw invalidValue('A volume created from an encrypted snapshot cannot be unencrypted.');
  }
  const encrypted = input.Encrypted === true || snapshot?.encrypted === true;
  return {
    encrypted,
    kmsKeyId: encrypted ? keyArn(context, input.KmsKeyId ?? snapshot?.kmsKeyId ?? defaultKeyArn(context)) : undefined,
  };
}
