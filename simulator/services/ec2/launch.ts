import { createDisk, type Disk } from '../../guest/disk.ts';
import { createGuest } from '../../guest/guest.ts';
import { installApplications } from '../../guest/machine.ts';
import { skewedClock } from '../../kernel/clock.ts';
import { allocateFor } from './addresses.ts';
import { endBusyDetaches } from './attachments.ts';
import type { Ec2Context } from './context.ts';
import { defaultKeyArn, keyArn } from './keys.ts';
import { INSTANCE_STORE_ROOT, type LaunchSpec, type LaunchVolume, mountsOf, volumesOf } from './launch-spec.ts';
import type { InstanceRecord, VolumeRecord } from './records.ts';

/** Puts a machine with its volumes into the region: long since running (or stopped), its applications installed. */
export function launchInstance(context: Ec2Context, spec: LaunchSpec): InstanceRecord {
  const id = spec.id ?? `i-${context.random.hex(17)}`;
  if (context.instances.has(id)) {
    throw new Error(`an instance ${id} exists already`);
  }
  const availabilityZone = spec.availabilityZone ?? context.zones[0] ?? '';
  const rootDevice =
    spec.rootDeviceType === 'instance-store' ? INSTANCE_STORE_ROOT : (volumesOf(spec)[0]?.device ?? '');
  const instance = createInstance(context, spec, { id, availabilityZone, rootDevice });
  const { guest } = instance;
  plugIn(context, instance);
  allocateFor(context, instance);
  if (instance.state === 'running') {
    guest.boot();
  }
  return instance;
}

/** A machine without disks. */
export function createInstance(
  context: Ec2Context,
  spec: LaunchSpec,
  identity: Pick<InstanceRecord, 'id' | 'availabilityZone' | 'rootDevice'> &
    Partial<Pick<InstanceRecord, 'imageId' | 'clientToken'>>,
): InstanceRecord {
  const guest = createGuest({
    clock: skewedClock(context.clock, spec.clockSkewMs ?? 0),
    random: context.random.fork(identity.id),
    rootDevice: identity.rootDevice,
    mounts: mountsOf(spec),
    applications: spec.applications ?? [],
    ...(context.nfs && { nfs: context.nfs }),
    onUnmount: () => endBusyDetaches(context, instance),
  });
  const instance = newInstance(context, spec, {
    ...{ imageId: 'ami-0123456789abcdef0', clientToken: undefined },
    ...identity,
    guest,
  });
  context.instances.set(instance.id, instance);
  return instance;
}

function newInstance(
  context: Ec2Context,
  spec: LaunchSpec,
  identity: Pick<InstanceRecord, 'id' | 'availabilityZone' | 'rootDevice' | 'guest' | 'imageId' | 'clientToken'>,
): InstanceRecord {
  const nowMs = context.clock.nowMs();
  return {
    ...identity,
    spec,
    tags: new Map([['Name', spec.name], ...Object.entries(spec.tags ?? {})]),
    mappings: new Map(),
    ghostMappings: new Set(),
    state: spec.state ?? 'running',
    formerState: spec.state ?? 'running',
    stateShownAtMs: nowMs,
    stateReason: undefined,
    launchTimeMs: nowMs,
    statusOkAtMs: nowMs,
    statusImpaired: false,
    disableApiStop: spec.disableApiStop ?? false,
    hasRun: true,
    agent: spec.agent ?? 'online',
  };
}

function plugIn(context: Ec2Context, instance: InstanceRecord): void {
  const disks = new Map<string, Disk>();
  if (instance.spec.rootDeviceType === 'instance-store') {
    disks.set(INSTANCE_STORE_ROOT, createDisk('xfs'));
  }
  for (const launched of volumesOf(instance.spec)) {
    const volume = launchVolume(context, instance, launched);
    context.volumes.set(volume.id, volume);
    disks.set(launched.device, volume.disk);
    instance.mappings.set(launched.device, {
      volumeId: volume.id,
      attachTimeMs: instance.launchTimeMs,
      status: 'attached',
      deleteOnTermination: launched.deleteOnTermination ?? launched.isRoot,
    });
  }
  installApplications({ mounts: mountsOf(instance.spec), applications: instance.spec.applications ?? [] }, disks);
  for (const [device, disk] of disks) {
    instance.guest.attach(device, disk);
  }
}

function launchVolume(context: Ec2Context, instance: InstanceRecord, launched: LaunchVolume): VolumeRecord {
  const nowMs = context.clock.nowMs();
  const type = launched.type ?? 'gp3';
  return {
    id: `vol-${context.random.hex(17)}`,
    availabilityZone: instance.availabilityZone,
    sizeGib: launched.sizeGib,
    type,
    iops: launched.iops ?? (type === 'gp3' ? 3_000 : undefined),
    throughput: launched.throughput ?? (type === 'gp3' ? 125 : undefined),
    encrypted: launched.encrypted ?? launched.kmsKeyId !== undefined,
    kmsKeyId: launched.kmsKeyId
      ? keyArn(context, launched.kmsKeyId)
      : launched.encrypted
        ? defaultKeyArn(context)
        : undefined,
    snapshotId: undefined,
    tags: new Map(Object.entries(launched.tags ?? {})),
    createTimeMs: nowMs,
    visibleAtMs: nowMs,
    disk: createDisk(launched.fileSystem ?? 'xfs'),
    state: 'in-use',
    attachment: { instanceId: instance.id, device: launched.device, attachTimeMs: nowMs, state: 'attached' },
    lastSnapshotMs: undefined,
  };
}
