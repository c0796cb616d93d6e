/** From a point and a request to the swaps of each instance, or to every reason why not. Changes nothing. */
import type { Point } from '#domain/point.ts';
import type { Workload } from '#domain/policy.ts';
import type { RecoveryRequest } from '#domain/recovery.ts';
import type { RestorePlan } from '../../restorer.ts';
import { setExclusions } from '../limits.ts';
import { isInstance, tagsOf } from '../selection.ts';
import { type Assignment, assign } from './assignment.ts';
import { type Facts, gatherFacts, type InstanceFacts } from './facts.ts';
import { instanceRefusals, instanceWarnings } from './instance-checks.ts';
import { plannedCalls } from './planned-calls.ts';
import { recoveryDraft } from './recovery-draft.ts';
import { type RestoreDetail, type Swap, targetOf } from './restore-detail.ts';
import { marksOf } from './tags.ts';
import { deviceRefusals, deviceWarnings, keyRefusals, keyWarnings, snapshotRefusals } from './volume-checks.ts';

export async function plan(
  point: Point,
  request: RecoveryRequest,
  workload: Workload,
  others: readonly Workload[],
): Promise<RestorePlan> {
  const { assignments, refusals } = assign(point, request);
  if (refusals.length > 0) return { targets: [], refusals, warnings: [], calls: [] };
  const facts = await gatherFacts(
    assignments.map(({ instanceId }) => instanceId),
    assignments.flatMap(({ snapshots }) => snapshots.map(({ snapshotId }) => snapshotId)),
  );
  const plans = assignments.map((assignment) => planInstance(assignment, facts, others));
  const details = plans.flatMap(({ detail }) => detail ?? []);
  return {
    targets: details.map(targetOf),
    refusals: [...plans.flatMap((each) => each.refusals), ...keyRefusals(facts.keys)],
    warnings: [...plans.flatMap((each) => each.warnings), ...keyWarnings(facts.keys)],
    calls: plannedCalls(details, recoveryDraft(point, request, workload)),
  };
}

interface InstancePlan {
  readonly detail?: RestoreDetail;
  readonly refusals: readonly string[];
  readonly warnings: readonly string[];
}

export function planInstance(assignment: Assignment, facts: Facts, others: readonly Workload[]): InstancePlan {
  const { instanceId } = assignment;
  const found = facts.instances.get(instanceId);
  if (found === undefined) return { refusals: [absent(instanceId)], warnings: [] };
  const swaps = assignment.snapshots.map((snapshot) => swapOf(snapshot, found));
  const newDevices = swaps.filter(({ original }) => original === undefined).length;
  return {
    detail: detailOf(found, swaps),
    refusals: [
      ...instanceRefusals(found, newDevices),
      ...swaps.flatMap((swap) => snapshotRefusals(swap, facts.snapshots)),
      ...swaps.flatMap((swap) => deviceRefusals(found, swap, others)),
    ],
    warnings: [
      ...instanceWarnings(found),
      ...neighbourWarnings(found, others),
      ...swaps.flatMap((swap) => deviceWarnings(instanceId, swap)),
    ],
  };
}

const absent = (instanceId: string): string =>
  `${instanceId} does not exist in this Region and account. A recovery goes into an instance of the Region that the stack is deployed in; launch one there and recover into it with --to-instance.`;

/** A root volume goes under the instance's own root device, which another AMI may name differently. */
function swapOf(snapshot: Assignment['snapshots'][number], { instance, attached, volumes }: InstanceFacts): Swap {
  const { settings, snapshotId } = snapshot;
  const device = settings.root ? (instance.RootDeviceName ?? settings.device) : settings.device;
  const present = attached.find((volume) => volume.device === device);
  const tags = tagsOf(volumes.find(({ VolumeId }) => VolumeId === present?.volumeId) ?? {});
  return {
    device,
    snapshotId,
    settings,
    deleteOnTermination: present?.deleteOnTermination ?? settings.deleteOnTermination,
    ...(present === undefined ? {} : { original: { ...present, marks: marksOf(tags) } }),
  };
}

function detailOf({ instance, attached }: InstanceFacts, swaps: readonly Swap[]): RestoreDetail {
  const replaced = new Set(swaps.map(({ original }) => original?.volumeId));
  const left = attached.filter(({ volumeId }) => !replaced.has(volumeId));
  return {
    instanceId: instance.InstanceId ?? '',
    availabilityZone: instance.Placement?.AvailabilityZone ?? '',
    wasRunning: instance.State?.Name === 'running',
    swaps,
    excludeBootVolume: left.some(({ root }) => root),
    // More than the call can leave out are snapshotted too: safe, and only costs a little.
    excludeDataVolumeIds: left
      .filter(({ root }) => !root)
      .map(({ volumeId }) => volumeId)
      .slice(0, setExclusions),
  };
}

/** Stopping an instance takes every workload on it down. */
function neighbourWarnings({ instance }: InstanceFacts, others: readonly Workload[]): readonly string[] {
  if (instance.State?.Name !== 'running') return [];
  return others
    .filter(({ members }) => members.some((member) => member.kind === 'ebs' && isInstance(member.instance, instance)))
    .map(({ name }) => `${instance.InstanceId} also carries the workload ${name}, which is down while it is stopped.`);
}
