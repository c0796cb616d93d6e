import type {
  CreateSnapshotRequest,
  CreateSnapshotsRequest,
  CreateSnapshotsResult,
  DeleteSnapshotRequest,
  SnapshotInfo,
} from '@aws-sdk/client-ec2';
import { copyDisk } from '../../guest/disk.ts';
import { ApiError } from '../../kernel/service.ts';
import type { Ec2Context } from './context.ts';
import { instanceOf, snapshotOf, volumeOf } from './lookup.ts';
import type { InstanceRecord, SnapshotRecord, Tags, VolumeRecord } from './records.ts';
import { incorrectInstanceState, incorrectState, invalidCombination, invalidValue } from './refusals.ts';
import { scheduleCompletion } from './snapshot-completion.ts';
import { checkSnapshotLimits } from './snapshot-limits.ts';
import { checkTagCount, copiableTags, specifiedTags, tagList } from './tags.ts';

/**
 * CreateSnapshots: one point in time, fixed now, for the chosen volumes of one instance. All or nothing; asked twice it makes two
 * sets (EC2 API CreateSnapshots; EBS User Guide, "Create multi-volume Amazon EBS snapshots").
 */
export function createSnapshots(context: Ec2Context, input: CreateSnapshotsRequest): CreateSnapshotsResult {
  const instance = instanceOf(context, input.InstanceSpecification?.InstanceId);
  const volumes = chosenVolumes(context, instance, input);
  const specified = specifiedTags(input.TagSpecifications, 'snapshot');
  const members = volumes.map((volume) => {
    const copied: Tags = input.CopyTagsFromSource === 'volume' ? copiableTags(volume.tags) : new Map();
    const twice = [...specified.keys()].find((key) => copied.has(key));
    if (twice !== undefined) throw invalidValue(`The tag key '${twice}' is given and copied from ${volume.id}.`);
    const tags = new Map([...copied, ...specified]);
    checkTagCount(tags, context.limits.tagsPerResource);
    return { volume, tags };
  });
  checkSnapshotLimits(context, volumes);
  const setId = context.random.hex(17);
  const taken = members.map(({ volume, tags }) => takeSnapshot(context, volume, tags, input.Description ?? '', setId));
  return { Snapshots: taken.map((snapshot) => snapshotInfo(context, snapshot)) };
}

/** CreateSnapshot: one volume, attached or not. */
export function createSnapshot(context: Ec2Context, input: CreateSnapshotRequest): SnapshotInfo {
  const volume = volumeOf(context, input.VolumeId);
  if (volume.state !== 'available' && volume.state !== 'in-use') {
    throw incorrectState(`Volume '${volume.id}' is in the '${volume.state}' state.`);
  }
  const tags = specifiedTags(input.TagSpecifications, 'snapshot');
  checkTagCount(tags, context.limits.tagsPerResource);
  checkSnapshotLimits(context, [volume]);
  return snapshotInfo(context, takeSnapshot(context, volume, tags, input.Description ?? '', undefined));
}

/** DeleteSnapshot: of a pending one it is accepted, and acts when it completes (EBS User Guide, "Delete an Amazon EBS snapshot"). */
export function deleteSnapshot(context: Ec2Context, input: DeleteSnapshotRequest): Record<string, never> {
  const snapshot = snapshotOf(context, input.SnapshotId);
  if (snapshot.usedByImage !== undefined) {
    throw new ApiError(
      'InvalidSnapshot.InUse',
      `The snapshot ${snapshot.id} is currently in use by ${snapshot.usedByImage}`,
    );
  }
  if (snapshot.state === 'pending') {
    snapshot.deleteRequested = true;
  } else {
    snapshot.goneAtMs ??= context.clock.nowMs() + context.durations.take('visibility');
  }
  return {};
}

function chosenVolumes(context: Ec2Context, instance: InstanceRecord, input: CreateSnapshotsRequest): VolumeRecord[] {
  if (instance.state === 'terminated' || instance.state === 'shutting-down') {
    throw incorrectInstanceState(`The instance '${instance.id}' is not in a state from which snapshots can be taken.`);
  }
  const { ExcludeBootVolume: excludeRoot, ExcludeDataVolumeIds: excluded = [] } = input.InstanceSpecification ?? {
    InstanceId: undefined,
  };
  const rootId = instance.mappings.get(instance.rootDevice)?.volumeId;
  if (excluded.length > context.limits.excludedDataVolumes) {
    throw invalidValue(`ExcludeDataVolumeIds accepts at most ${context.limits.excludedDataVolumes} volume ids.`);
  }
  if (rootId !== undefined && excluded.includes(rootId)) {
    throw invalidValue(`The root volume ${rootId} cannot be excluded as a data volume. Use ExcludeBootVolume.`);
  }
  const attached = [...context.volumes.values()].filter((volume) => volume.attachment?.instanceId === instance.id);
  const foreign = excluded.find((id) => !attached.some((volume) => volume.id === id));
  if (foreign !== undefined) {
    throw invalidValue(`The volume ${foreign} is not attached to the instance ${instance.id}.`);
  }
  const chosen = attached.filter(({ id }) => !excluded.includes(id) && !(excludeRoot === true && id === rootId));
  if (chosen.length === 0) {
    throw invalidCombination(`The instance ${instance.id} has no volumes to take snapshots of.`);
  }
  return chosen;
}

/** Of one volume, now. */
export function takeSnapshot(
  context: Ec2Context,
  volume: VolumeRecord,
  tags: Tags,
  description: string,
  setId: string | undefined,
): SnapshotRecord {
  const nowMs = context.clock.nowMs();
  const { attachment } = volume;
  context.instances.get(attachment?.instanceId ?? '')?.guest.catchUp();
  const snapshot: SnapshotRecord = {
    id: `snap-${context.random.hex(17)}`,
    volumeId: volume.id,
    setId,
    startTimeMs: nowMs,
    completesAtMs: nowMs + completionMs(context, volume),
    sizeGib: volume.sizeGib,
    encrypted: volume.encrypted,
    kmsKeyId: volume.kmsKeyId,
    description,
    tags,
    visibleAtMs: nowMs + context.durations.take('visibility'),
    disk: copyDisk(volume.disk),
    origin: attachment && { instanceId: attachment.instanceId, device: attachment.device },
    state: 'pending',
    completionTimeMs: undefined,
    deleteRequested: false,
    goneAtMs: undefined,
    usedByImage: undefined,
  };
  volume.lastSnapshotMs = nowMs;
  context.snapshots.set(snapshot.id, snapshot);
  scheduleCompletion(context, snapshot);
  return snapshot;
}

/** The first snapshot copies what is used (a third, say); later ones what changed since. */
function completionMs(context: Ec2Context, volume: VolumeRecord): number {
  const usedGib = volume.sizeGib / 3;
  const days =
    volume.lastSnapshotMs === undefined ? Infinity : (context.clock.nowMs() - volume.lastSnapshotMs) / 86_400_000;
  const changedGib = Math.min(usedGib, days * context.changedSharePerDay * volume.sizeGib);
  const { durations } = context;
  return Math.round(durations.take('completeSnapshot') + changedGib * durations.take('completeSnapshotPerGib'));
}

function snapshotInfo(context: Ec2Context, snapshot: SnapshotRecord): SnapshotInfo {
  return {
    SnapshotId: snapshot.id,
    VolumeId: snapshot.volumeId,
    State: 'pending',
    VolumeSize: snapshot.sizeGib,
    StartTime: new Date(snapshot.startTimeMs),
    Progress: '',
    Encrypted: snapshot.encrypted,
    OwnerId: context.kernel.account,
    Description: snapshot.description,
    Tags: tagList(snapshot.tags),
  };
}
