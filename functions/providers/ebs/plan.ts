/** From a workload's selectors to one CreateSnapshots call per instance and tier, or to all the reasons why not. */
import type { Instance } from '@aws-sdk/client-ec2';
import type { GuestInstance } from '#domain/guest-instance.ts';
import { takesArtifacts } from '#domain/hook-proof.ts';
import type { EbsMember, Member, Workload } from '#domain/policy.ts';
import type { PlannedMember } from '#domain/run.ts';
import { tagKeys, tagLimit } from '#domain/tags.ts';
import type { Planned } from '../provider.ts';
import { describeSnapshots, describeVolumes } from './describe.ts';
import type { EbsDetail } from './detail.ts';
import { findInstances } from './find-instances.ts';
import { createSnapshotsBucket, pendingPerRegion, setExclusions } from './limits.ts';
import { atPendingLimit, tooSoon } from './pending-limits.ts';
import { slotsOf } from './region.ts';
import { attachedVolumes, claimant, isInstance, isSelected, isTaggedByUs } from './selection.ts';

/** What `begin` needs of a planned member. */
export interface EbsPlan extends Record<string, unknown> {
  readonly instanceId: string;
  readonly excludeBootVolume: boolean;
  readonly excludeDataVolumeIds: readonly string[];
  readonly volumes: readonly EbsDetail[];
  /** False where a volume has tags of ours, from a recovery: EC2 does not say what becomes of a key that is both copied and given. */
  readonly copiesTags: boolean;
}

/** Tags of ours on each snapshot beside one per volume of the set. */
const ownTagCount = Object.keys(tagKeys).length;
/** What AWSEC2-CreateVssSnapshot adds of its own: Device, AppConsistent, AwsVssConfig, Name. It copies no tags of the volumes. */
const vssTagCount = 4;

export async function plan(
  members: readonly Member[],
  workload: Workload,
  others: readonly Workload[],
): Promise<Planned> {
  const wanted = members.filter((member): member is EbsMember => member.kind === 'ebs');
  const instances = await findInstances(wanted.map(({ instance }) => instance));
  const ids = instances.map(({ InstanceId = '' }) => InstanceId);
  const volumes = ids.length === 0 ? [] : await describeVolumes([{ Name: 'attachment.instance-id', Values: ids }]);
  const units = instances.flatMap((instance) => unitsOf(instance, attachedVolumes(instance, volumes), wanted));
  const recovered = new Set(volumes.filter(isTaggedByUs).map(({ VolumeId = '' }) => VolumeId));
  const unfinished = await describeSnapshots([{ Name: 'status', Values: ['pending', 'error'] }]);
  const chosen = units.flatMap(({ volumes: some }) => some);
  const busy = tooSoon(chosen, unfinished);
  const byVss = workload.hooks.some(({ kind }) => takesArtifacts(kind));
  return {
    members: units.map((unit) => planned(unit, recovered)),
    reservation: {
      slots: chosen.length,
      region: slotsOf(unfinished),
      tokens: units.length,
      bucket: createSnapshotsBucket,
    },
    ...(busy === undefined ? {} : { busy }),
    instances: instances.map((instance) => guestOf(instance, units)),
    refusals: [
      ...wanted.flatMap((member) => missing(member, instances, units, workload)),
      ...instances.flatMap((instance) => unfit(instance)),
      ...(byVss ? instances.flatMap(unfitForVss) : []),
      ...units.flatMap((unit) => unfitSet(unit, byVss ? vssTagCount : 0)),
      ...tooMany(chosen.length, workload),
      ...claimed(units, others),
      ...chosen.flatMap((volume) => atPendingLimit(volume, unfinished)),
    ],
  };
}

interface Unit {
  readonly tier: number;
  readonly instance: Instance;
  readonly volumes: readonly EbsDetail[];
  readonly left: readonly EbsDetail[];
}

const guestOf = (instance: Instance, units: readonly Unit[]): GuestInstance => ({
  instanceId: instance.InstanceId ?? '',
  state: instance.State?.Name ?? 'unknown',
  volumeSets: units
    .filter((unit) => unit.instance === instance)
    .map(({ volumes }) => volumes.map(({ volumeId }) => volumeId)),
});

/** One unit per tier in which the instance has selected volumes. */
function unitsOf(instance: Instance, attached: readonly EbsDetail[], members: readonly EbsMember[]): readonly Unit[] {
  const concerned = members.filter((member) => isInstance(member.instance, instance));
  return [...new Set(concerned.map(({ tier }) => tier))].flatMap((tier) => {
    const selectors = concerned.filter((member) => member.tier === tier).map((member) => member.volumes);
    const volumes = attached.filter((volume) => selectors.some((selector) => isSelected(selector, volume)));
    const left = attached.filter((volume) => !volumes.includes(volume));
    return volumes.length === 0 ? [] : [{ tier, instance, volumes, left }];
  });
}

/** @param recovered ids of volumes that a recovery has made */
function planned({ tier, instance, volumes, left }: Unit, recovered: ReadonlySet<string>): PlannedMember {
  const detail: EbsPlan = {
    instanceId: instance.InstanceId ?? '',
    excludeBootVolume: left.some(({ root }) => root),
    excludeDataVolumeIds: left.filter(({ root }) => !root).map(({ volumeId }) => volumeId),
    volumes,
    copiesTags: !volumes.some(({ volumeId }) => recovered.has(volumeId)),
  };
  return {
    kind: 'ebs',
    resource: detail.instanceId,
    tier,
    artifacts: volumes.length,
    includesRoot: volumes.some(({ root }) => root),
    detail,
  };
}

function missing(
  member: EbsMember,
  instances: readonly Instance[],
  units: readonly Unit[],
  workload: Workload,
): string[] {
  const words =
    'id' in member.instance ? member.instance.id : `an instance tagged ${JSON.stringify(member.instance.tags)}`;
  const found = instances.filter((instance) => isInstance(member.instance, instance));
  if (found.length === 0)
    return [`${workload.name}: ${words} does not exist in this Region and account (or is terminated).`];
  const chosen = units
    .filter(({ instance }) => found.includes(instance))
    .flatMap(({ volumes }) => volumes.filter((volume) => isSelected(member.volumes, volume)));
  if (chosen.length === 0) {
    return [`${workload.name}: no volume of ${words} matches ${JSON.stringify(member.volumes)}.`];
  }
  return absent(member, chosen).map(
    (device) =>
      `${workload.name}: nothing is attached to ${words} under ${device}, which the policy names with others: without it a point would look whole. Attach it, or take it out of the policy.`,
  );
}

/** Devices that are named and not there. */
const absent = ({ volumes }: EbsMember, chosen: readonly EbsDetail[]): readonly string[] =>
  typeof volumes === 'object' && 'devices' in volumes
    ? volumes.devices.filter((name) => !chosen.some(({ device }) => device === name))
    : [];

/** Members of a point are begun within one window, so all of its snapshots are pending at the same time. */
const tooMany = (count: number, { name }: Workload): string[] =>
  count <= pendingPerRegion
    ? []
    : [
        `${name}: its ${count} volumes would be ${count} pending snapshots at a time, and a Region has ${pendingPerRegion}: make it several workloads.`,
      ];

function unfit(instance: Instance): string[] {
  const id = instance.InstanceId;
  return [
    ...(instance.RootDeviceType === 'instance-store'
      ? [`${id} has an instance-store root: it cannot be stopped, so nothing of it could be recovered in place.`]
      : []),
    ...(instance.State?.Name === 'pending' || instance.State?.Name === 'stopping'
      ? [`${id} is ${instance.State.Name}: wait until it is running or stopped.`]
      : []),
  ];
}

function unfitForVss({ InstanceId, IamInstanceProfile }: Instance): string[] {
  return IamInstanceProfile === undefined
    ? [
        `${InstanceId} has no role, and with windows-vss it takes its snapshots by itself: give it an instance profile with AmazonSSMManagedInstanceCore and AWSEC2VssSnapshotPolicy.`,
      ]
    : [];
}

/** @param least tags that each snapshot has beside ours, also of volumes without tags */
function unfitSet({ instance, volumes, left }: Unit, least: number): string[] {
  const excluded = left.filter(({ root }) => !root).length;
  const foreign = Math.max(least, ...volumes.map((volume) => Object.keys(volume.tags).length));
  const tags = foreign + ownTagCount + volumes.length;
  return [
    ...(excluded > setExclusions
      ? [
          `${instance.InstanceId}: ${excluded} volumes would have to be left out, and CreateSnapshots takes at most ${setExclusions}.`,
        ]
      : []),
    ...(tags > tagLimit
      ? [
          `${instance.InstanceId}: its snapshots would need ${tags} tags (EC2 allows ${tagLimit}): take fewer volumes in one tier or remove tags from the volumes.`,
        ]
      : []),
  ];
}

function claimed(units: readonly Unit[], others: readonly Workload[]): string[] {
  return units.flatMap(({ instance, volumes }) =>
    volumes.flatMap((volume) => {
      const other = claimant(volume, instance, others);
      return other === undefined
        ? []
        : [
            `${volume.volumeId} (${volume.device} of ${volume.instanceId}) is also claimed by the workload ${other.name}.`,
          ];
    }),
  );
}
