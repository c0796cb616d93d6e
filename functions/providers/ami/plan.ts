/** From a workload's selectors to one CreateImage call an instance, or to all the reasons why not. */
import type { Instance, Snapshot } from '@aws-sdk/client-ec2';
import type { AmiMember, Member, Workload } from '#domain/policy.ts';
import type { PlannedMember } from '#domain/run.ts';
import { describeSnapshots, describeVolumes } from '../ebs/describe.ts';
import type { EbsDetail } from '../ebs/detail.ts';
import { findInstances } from '../ebs/find-instances.ts';
import { createImageBucket, pendingPerRegion } from '../ebs/limits.ts';
import { atPendingLimit, tooSoon } from '../ebs/pending-limits.ts';
import { slotsOf } from '../ebs/region.ts';
import { attachedVolumes, claimant, isInstance } from '../ebs/selection.ts';
import type { Planned } from '../provider.ts';
import { launchDetail } from './launch-detail.ts';
import { readUserData, type UserData, unread } from './user-data.ts';

interface Unit {
  readonly member: AmiMember;
  readonly instance: Instance;
  readonly volumes: readonly EbsDetail[];
  readonly userData: UserData;
}

export async function plan(
  members: readonly Member[],
  workload: Workload,
  others: readonly Workload[],
): Promise<Planned> {
  const wanted = members.filter((member): member is AmiMember => member.kind === 'ami');
  const instances = await findInstances(wanted.map(({ instance }) => instance));
  const ids = instances.map(idOf);
  const attached = ids.length === 0 ? [] : await describeVolumes([{ Name: 'attachment.instance-id', Values: ids }]);
  const chosen = instances.flatMap((instance) => {
    const member = wanted.find((each) => isInstance(each.instance, instance));
    return member === undefined ? [] : [{ member, instance, volumes: attachedVolumes(instance, attached) }];
  });
  const units = await Promise.all(
    chosen.map(async (unit): Promise<Unit> => ({ ...unit, userData: await readUserData(unit.instance) })),
  );
  const unfinished = await describeSnapshots([{ Name: 'status', Values: ['pending', 'error'] }]);
  const volumes = units.flatMap((unit) => unit.volumes);
  const busy = tooSoon(volumes, unfinished);
  return {
    members: units.map(planned),
    reservation: {
      slots: volumes.length,
      region: slotsOf(unfinished),
      tokens: units.length,
      bucket: createImageBucket,
    },
    ...(busy === undefined ? {} : { busy }),
    instances: units.map(guestOf),
    refusals: [
      ...wanted.flatMap((member) => missing(member, instances, workload)),
      ...units.flatMap((unit) => refusalsOf(unit, workload, others, unfinished)),
      ...tooMany(volumes.length, workload),
      ...tooManyCalls(units.length, workload),
    ],
    notes: units.flatMap(notesOf),
  };
}

const idOf = ({ InstanceId = '' }: Instance): string => InstanceId;

function planned({ member, instance, volumes, userData }: Unit): PlannedMember {
  return {
    ...{ kind: 'ami', resource: idOf(instance), tier: member.tier, artifacts: 1, includesRoot: true },
    // A guest that went down in order has written everything out.
    ...(member.reboot ? { consistency: 'filesystem-consistent' } : {}),
    detail: { instanceId: idOf(instance), reboot: member.reboot, volumes, ...launchDetail(instance, userData) },
  };
}

function notesOf({ member, instance, userData }: Unit): string[] {
  const id = idOf(instance);
  const profile = instance.IamInstanceProfile?.Arn;
  return [
    ...(member.reboot ? [`${id} is rebooted for its image.`] : []),
    ...(userData === unread ? [`The user data of ${id} ${userData.lost}.`] : []),
    ...(profile === undefined || member.role !== undefined
      ? []
      : [
          `${id} has the instance profile ${profile}, and its member names no role: a recovery launches it without, and leaves that to a person.`,
        ]),
  ];
}

const guestOf = ({ instance, volumes }: Unit) => ({
  instanceId: idOf(instance),
  state: instance.State?.Name ?? 'unknown',
  volumeSets: [volumes.map(({ volumeId }) => volumeId)],
});

function missing({ instance: selector }: AmiMember, instances: readonly Instance[], { name }: Workload): string[] {
  if (instances.some((instance) => isInstance(selector, instance))) return [];
  const words = 'id' in selector ? selector.id : `an instance tagged ${JSON.stringify(selector.tags)}`;
  return [`${name}: ${words} does not exist in this Region and account (or is terminated).`];
}

const tooMany = (count: number, { name }: Workload): string[] =>
  count <= pendingPerRegion
    ? []
    : [
        `${name}: its images would have ${count} pending snapshots at a time, and a Region has ${pendingPerRegion}: make it several workloads.`,
      ];

/** They are drawn before the window, all together: more than the bucket holds would never be there. */
const tooManyCalls = (count: number, { name }: Workload): string[] =>
  count <= createImageBucket.capacity
    ? []
    : [
        `${name}: its ${count} images need ${count} calls of CreateImage at a time, and EC2 takes ${createImageBucket.capacity}: make it several workloads.`,
      ];

function refusalsOf(
  { instance, volumes }: Unit,
  workload: Workload,
  others: readonly Workload[],
  unfinished: readonly Snapshot[],
): string[] {
  const id = idOf(instance);
  const state = instance.State?.Name ?? 'unknown';
  const means = (selector: AmiMember['instance']) => isInstance(selector, instance);
  const own = workload.members.filter((member) => 'instance' in member && means(member.instance));
  const owners = new Set(volumes.flatMap((volume) => claimant(volume, instance, others)?.name ?? []));
  return [
    ...(instance.RootDeviceType === 'instance-store'
      ? [`${id} has an instance-store root, and CreateImage makes images of instances with an EBS root only.`]
      : []),
    ...(state === 'running' || state === 'stopped' ? [] : [`${id} is ${state}: wait until it is running or stopped.`]),
    ...(own.length > 1
      ? [`${id} is meant by ${own.length} members of ${workload.name}: an image has all its volumes.`]
      : []),
    ...[...owners].map((name) => `${id}, or a volume of it, is also claimed by the workload ${name}.`),
    ...volumes.flatMap((volume) => atPendingLimit(volume, unfinished)),
  ];
}
