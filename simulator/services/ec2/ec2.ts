import type { Disk } from '../../guest/disk.ts';
import type { Guest } from '../../guest/guest.ts';
import type { Judgement } from '../../guest/judge-application.ts';
import { ApiError, type Kernel, type Operation, type Service } from '../../kernel/service.ts';
import { ec2Access, onResource } from './access.ts';
import { associateAddress, describeAddresses } from './addresses.ts';
import { type Arrange, createArrange } from './arrange.ts';
import { attachVolume, detachVolume } from './attachments.ts';
import { ec2Buckets } from './buckets.ts';
import { DEFAULT_LIMITS, type Ec2Context, type KeyStates, type Limits } from './context.ts';
import { describeImageAttribute, describeImages, describeLaunchTemplateVersions } from './describe-images.ts';
import { describeInstanceStatus, describeInstances } from './describe-instances.ts';
import { describeSnapshots } from './describe-snapshots.ts';
import { describeVolumes } from './describe-volumes.ts';
import { createDurations, type DurationName } from './durations.ts';
import { createImage, deregisterImage } from './images.ts';
import { describeInstanceAttribute, modifyInstanceAttribute } from './instance-attributes.ts';
import { startInstances, stopInstances } from './instances.ts';
import { launchInstance } from './launch.ts';
import type { LaunchSpec } from './launch-spec.ts';
import { describeAvailabilityZones, describeInstanceTypes, describeRegions } from './placement.ts';
import type { InstanceRecord, VolumeRecord } from './records.ts';
import { runInstances } from './run-instances.ts';
import { copySnapshot } from './snapshot-copies.ts';
import { createSnapshot, createSnapshots, deleteSnapshot } from './snapshots.ts';
import { createTags, deleteTags, describeTags } from './tag-operations.ts';
import { createVolume, deleteVolume } from './volumes.ts';

export interface Ec2Options {
  /** Default: every key is usable. */
  readonly keys?: KeyStates;
  /** Typical durations in milliseconds that replace those of `durations.ts`. */
  readonly durations?: Partial<Record<DurationName, number>>;
  /** Share by which durations vary. Default 0.2; 0 for exact ones. */
  readonly jitter?: number;
  readonly limits?: Partial<Limits>;
  /** EC2 of other Regions, as far as there are any. Default: none. */
  readonly elsewhere?: (regionName: string) => Ec2Context | undefined;
  /** Files of the NFS server at an address. Default: none answers. */
  readonly nfs?: (address: string) => Map<string, string> | undefined;
  /** Default: the Region's a, b and c. */
  readonly zones?: readonly string[];
  /** Does CreateSnapshots send an event per member besides the set's? Default false. */
  readonly memberSnapshotEvents?: boolean;
  /** Share of a volume that changes in a day. Default 0.02. */
  readonly changedSharePerDay?: number;
  /** Share of filtered searches that end their first page early. Default 0.25. */
  readonly shortPages?: number;
}

/** The region's machines as tests and the demo see and build them. */
export interface World {
  launchInstance(spec: LaunchSpec): InstanceRecord;
  /** Throws when there is none of that id or Name. */
  instance(idOrName: string): InstanceRecord;
  guest(idOrName: string): Guest;
  /** The volume that is attached there now. */
  volumeAt(idOrName: string, device: string): VolumeRecord;
  readonly instances: Ec2Context['instances'];
  readonly volumes: Ec2Context['volumes'];
  readonly snapshots: Ec2Context['snapshots'];
  readonly images: Ec2Context['images'];
  readonly addresses: Ec2Context['addresses'];
  /** How consistent the applications of a machine are in these snapshots, judged from their content alone. */
  judgeSnapshots(snapshotIds: readonly string[]): readonly (Judgement & { readonly name: string })[];
}

export interface Ec2 extends Service {
  readonly world: World;
  readonly arrange: Arrange;
  /** For the region's other services (SSM, Auto Scaling), which act on the same machines. */
  readonly context: Ec2Context;
  readonly onResource: (action: string, id: string) => ReturnType<typeof onResource>;
}

/** Simulated EC2 and EBS. Times come from `kernel.clock`, choices from `kernel.random`. */
export function createEc2(kernel: Kernel, options: Ec2Options = {}): Ec2 {
  const context = createContext(kernel, options);
  return {
    name: 'ec2',
    client: () => import('@aws-sdk/client-ec2'),
    operations: operationsOf(context),
    access: (operation, input) => ec2Access(context, operation, input),
    buckets: ec2Buckets,
    world: createWorld(context),
    arrange: createArrange(context),
    context,
    onResource: (action, id) => onResource(context, action, id),
  };
}

function createContext(kernel: Kernel, options: Ec2Options): Ec2Context {
  const random = kernel.random.fork('ec2');
  const context: Ec2Context = {
    kernel,
    clock: kernel.clock,
    random,
    durations: createDurations(random.fork('durations'), options.durations, options.jitter),
    lags: createDurations(random.fork('lags'), options.durations, options.jitter),
    tagsSpreadUntilMs: 0,
    pageChance: random.fork('pages'),
    shortPages: options.shortPages ?? 0.25,
    keys: options.keys ?? { keyState: () => 'Enabled' },
    elsewhere: (name) => (name === kernel.regionName ? context : options.elsewhere?.(name)),
    nfs: options.nfs,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    arranged: {
      failingSnapshots: new Set(),
      endlessSnapshots: new Set(),
      hangingDetaches: new Set(),
      hangingAttaches: new Set(),
      hangingStops: new Set(),
      starvedStarts: new Map(),
      zonesDown: new Set(),
      vanishingVolumes: 0,
      endlessVolumes: 0,
    },
    zones: options.zones ?? ['a', 'b', 'c'].map((letter) => `${kernel.regionName}${letter}`),
    memberSnapshotEvents: options.memberSnapshotEvents ?? false,
    changedSharePerDay: options.changedSharePerDay ?? 0.02,
    instances: new Map(),
    volumes: new Map(),
    snapshots: new Map(),
    images: new Map(),
    addresses: new Map(),
    launchTemplates: [],
    clientTokens: new Map(),
    onInstanceState: [],
  };
  return context;
}

function operationsOf(context: Ec2Context): Service['operations'] {
  const on = <Input extends { DryRun?: boolean | undefined }, Output>(
    run: (context: Ec2Context, input: Input) => Output,
  ): Operation<Input, Output> => {
    return (input) => {
      if (input.DryRun) {
        throw new ApiError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
      }
      return run(context, input);
    };
  };
  return {
    DescribeInstances: on(describeInstances),
    DescribeInstanceStatus: on(describeInstanceStatus),
    DescribeInstanceAttribute: on(describeInstanceAttribute),
    ModifyInstanceAttribute: on(modifyInstanceAttribute),
    RunInstances: on(runInstances),
    StopInstances: on(stopInstances),
    StartInstances: on(startInstances),
    DescribeVolumes: on(describeVolumes),
    CreateVolume: on(createVolume),
    DeleteVolume: on(deleteVolume),
    AttachVolume: on(attachVolume),
    DetachVolume: on(detachVolume),
    DescribeSnapshots: on(describeSnapshots),
    CreateSnapshots: on(createSnapshots),
    CreateSnapshot: on(createSnapshot),
    DeleteSnapshot: on(deleteSnapshot),
    CopySnapshot: on(copySnapshot),
    CreateImage: on(createImage),
    DescribeAddresses: on(describeAddresses),
    AssociateAddress: on(associateAddress),
    DescribeImages: on(describeImages),
    DescribeImageAttribute: on(describeImageAttribute),
    DescribeLaunchTemplateVersions: on(describeLaunchTemplateVersions),
    DeregisterImage: on(deregisterImage),
    CreateTags: on(createTags),
    DeleteTags: on(deleteTags),
    DescribeTags: on(describeTags),
    DescribeInstanceTypes: on(describeInstanceTypes),
    DescribeAvailabilityZones: on(describeAvailabilityZones),
    DescribeRegions: on(describeRegions),
  };
}

function createWorld(context: Ec2Context): World {
  const instance = (idOrName: string): InstanceRecord => {
    const named = [...context.instances.values()].find((each) => each.tags.get('Name') === idOrName);
    const found = context.instances.get(idOrName) ?? named;
    if (!found) {
      throw new Error(`there is no instance ${idOrName}`);
    }
    return found;
  };
  return {
    launchInstance: (spec) => launchInstance(context, spec),
    instance,
    guest: (idOrName) => instance(idOrName).guest,
    volumeAt: (idOrName, device) => {
      const { id } = instance(idOrName);
      const volume = [...context.volumes.values()].find(
        ({ attachment }) => attachment?.instanceId === id && attachment.device === device,
      );
      if (!volume) {
        throw new Error(`no volume is attached to ${idOrName} at ${device}`);
      }
      return volume;
    },
    instances: context.instances,
    volumes: context.volumes,
    snapshots: context.snapshots,
    images: context.images,
    addresses: context.addresses,
    judgeSnapshots: (snapshotIds) => judgeSnapshots(context, snapshotIds),
  };
}

function judgeSnapshots(context: Ec2Context, snapshotIds: readonly string[]): ReturnType<World['judgeSnapshots']> {
  const disks = new Map<string, Map<string, Disk>>();
  for (const id of snapshotIds) {
    const snapshot = context.snapshots.get(id);
    if (!snapshot?.origin) {
      throw new Error(`there is no snapshot ${id} of an attached volume`);
    }
    const { instanceId, device } = snapshot.origin;
    const ofInstance = disks.get(instanceId) ?? new Map<string, Disk>();
    disks.set(instanceId, ofInstance.set(device, snapshot.disk));
  }
  return [...disks].flatMap(
    ([instanceId, ofInstance]) => context.instances.get(instanceId)?.guest.judge(ofInstance) ?? [],
  );
}
