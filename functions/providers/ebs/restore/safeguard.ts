/** A last snapshot of the volumes that will be replaced. Not waited for: its content is fixed when the call is accepted. */
import { CreateSnapshotsCommand, type Snapshot } from '@aws-sdk/client-ec2';
import { transientFault } from '#domain/faults.ts';
import type { Recovery, RecoveryTarget } from '#domain/recovery.ts';
import { tagKeys } from '#domain/tags.ts';
import { asFault, isAmbiguous } from '#platform/aws-errors.ts';
import { ec2Once } from '#platform/clients/ec2.ts';
import { drive } from '../../drive.ts';
import type { PhaseResult } from '../../restorer.ts';
import { describeSnapshots } from '../describe.ts';
import { volumeTag } from '../volume-tag.ts';
import { type RestoreDetail, restoreDetail, targetOf } from './restore-detail.ts';
import { safetyTags } from './tags.ts';

/** How long a set may stay invisible after a call whose reply was lost. */
const visibilityMs = 30_000;
const pauseMs = 3_000;

export async function safeguard(target: RecoveryTarget, recovery: Recovery): Promise<PhaseResult> {
  const detail = restoreDetail(target);
  if (!recovery.plan.safetySnapshot || originalsOf(detail).length === 0) return { done: true, target };
  let safetySnapshotIds: readonly string[] = [];
  const { done } = await drive<readonly string[], 'take'>({
    ...{ target, recovery, stage: 'safeguard' },
    look: async () => (safetySnapshotIds.length > 0 ? safetySnapshotIds : takenBefore(detail, recovery)),
    decide: (taken) => {
      safetySnapshotIds = taken;
      return taken.length > 0
        ? { actions: [] }
        : { actions: ['take'], waitingFor: `a safety snapshot of ${detail.instanceId}` };
    },
    perform: async () => {
      try {
        safetySnapshotIds = await take(detail, recovery);
        return undefined;
      } catch (error) {
        const fault = asFault(error, `taking a safety snapshot of ${detail.instanceId}`);
        if (fault.name !== 'TransientFault') throw fault;
        return fault.message;
      }
    },
  });
  return { done, target: done ? targetOf({ ...detail, safetySnapshotIds }) : target };
}

const originalsOf = ({ swaps }: RestoreDetail) =>
  swaps.flatMap(({ original }) => (original === undefined ? [] : [original]));

/** CreateSnapshots takes no client token: what an earlier attempt made is found by its tags. */
async function takenBefore(detail: RestoreDetail, recovery: Recovery): Promise<readonly string[]> {
  const found = await describeSnapshots([
    { Name: `tag:${tagKeys.recovery}`, Values: [recovery.id] },
    { Name: `tag:${tagKeys.role}`, Values: ['safety'] },
    { Name: `tag:${tagKeys.instance}`, Values: [detail.instanceId] },
  ]);
  return idsOf(found.filter(({ State }) => State !== 'error'));
}

const idsOf = (snapshots: readonly Snapshot[]) => snapshots.flatMap(({ SnapshotId }) => SnapshotId ?? []);

async function take(detail: RestoreDetail, recovery: Recovery): Promise<readonly string[]> {
  try {
    const { Snapshots = [] } = await ec2Once().send(new CreateSnapshotsCommand(createSnapshotsInput(detail, recovery)));
    return Snapshots.flatMap(({ SnapshotId }) => SnapshotId ?? []);
  } catch (error) {
    if (isAmbiguous(error)) return waitForTaken(detail, recovery, error);
    throw error;
  }
}

/** The call may have had its effect: looks until it shows. @throws TransientFault when it does not */
async function waitForTaken(detail: RestoreDetail, recovery: Recovery, cause: unknown): Promise<readonly string[]> {
  const untilMs = Date.now() + visibilityMs;
  while (Date.now() < untilMs) {
    await new Promise<void>((resolve) => setTimeout(resolve, pauseMs));
    const taken = await takenBefore(detail, recovery);
    if (taken.length > 0) return taken;
  }
  throw transientFault(`The safety snapshot of ${detail.instanceId} was asked for, but no answer came.`, cause);
}

/** No call changes it: what it says is proof, as tags are not. */
export const safetyDescription = ({ id, workload }: Recovery): string => `Before recovery ${id} of ${workload}`;

export const createSnapshotsInput = (detail: RestoreDetail, recovery: Recovery) => {
  const settings = originalsOf(detail).map((original) => volumeTag(original));
  const tags = safetyTags(
    recovery,
    detail.instanceId,
    Object.fromEntries(settings.map(({ Key, Value }) => [Key, Value])),
  );
  return {
    Description: safetyDescription(recovery),
    InstanceSpecification: {
      InstanceId: detail.instanceId,
      ExcludeBootVolume: detail.excludeBootVolume,
      ExcludeDataVolumeIds: [...detail.excludeDataVolumeIds],
    },
    TagSpecifications: [
      {
        ResourceType: 'snapshot' as const,
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      },
    ],
  };
};
