/** Makes the new volumes, all of them, before anything of the instance is touched. */
import { createHash } from 'node:crypto';
import { CreateVolumeCommand, type CreateVolumeCommandInput, type VolumeType } from '@aws-sdk/client-ec2';
import { providerFault } from '#domain/faults.ts';
import type { Recovery, RecoveryTarget } from '#domain/recovery.ts';
import { faultWhile } from '#platform/aws-errors.ts';
import { ec2 } from '#platform/clients/ec2.ts';
import type { PhaseResult } from '../../restorer.ts';
import { type Decision, drive, nothingToDo } from './drive.ts';
import { type RestoreDetail, restoreDetail, type Swap, targetOf } from './restore-detail.ts';
import { restoredTags } from './tags.ts';
import { lookAtVolumes, type VolumesView } from './world.ts';

/** A new volume may stay invisible for so long; one that is not there later has vanished. */
const visibilityMs = 30_000;

export async function create(target: RecoveryTarget, recovery: Recovery): Promise<PhaseResult> {
  const found = restoreDetail(target);
  const swaps = await Promise.all(found.swaps.map((swap) => (swap.restored ? swap : ordered(found, swap, recovery))));
  const detail: RestoreDetail = { ...found, swaps };
  return drive({
    target: targetOf(detail),
    recovery,
    stage: 'create',
    look: () => lookAtVolumes(detail),
    decide: (world) => awaitVolumes(detail, world, Date.now()),
  });
}

async function ordered(detail: RestoreDetail, swap: Swap, recovery: Recovery): Promise<Swap> {
  const askedAt = new Date().toISOString();
  const { VolumeId } = await ec2()
    .send(new CreateVolumeCommand(createVolumeInput(detail, swap, recovery)))
    .catch(faultWhile(`making a volume from ${swap.snapshotId} for ${swap.device} of ${detail.instanceId}`));
  return { ...swap, restored: { volumeId: VolumeId ?? '', askedAt } };
}

/** The same token for the same volume of the same recovery, so that a repeated call makes nothing twice. At most 64 characters. */
const clientToken = (...parts: readonly string[]): string => createHash('sha256').update(parts.join(' ')).digest('hex');

/**
 * CreateVolume takes neither type nor performance nor tags from the snapshot, so all of them are passed.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html
 */
export function createVolumeInput(detail: RestoreDetail, swap: Swap, recovery: Recovery): CreateVolumeCommandInput {
  const { settings } = swap;
  const tags = restoredTags(recovery, detail.instanceId, settings.tags);
  return {
    ClientToken: clientToken(recovery.id, detail.instanceId, swap.device, swap.snapshotId),
    SnapshotId: swap.snapshotId,
    AvailabilityZone: detail.availabilityZone,
    Size: settings.sizeGib,
    VolumeType: volumeType(settings.type),
    ...(settings.iops !== undefined && ['gp3', 'io1', 'io2'].includes(settings.type) ? { Iops: settings.iops } : {}),
    ...(settings.throughput !== undefined && settings.type === 'gp3' ? { Throughput: settings.throughput } : {}),
    ...(settings.encrypted ? { Encrypted: true } : {}),
    ...(settings.encrypted && settings.kmsKeyId !== undefined ? { KmsKeyId: settings.kmsKeyId } : {}),
    TagSpecifications: [{ ResourceType: 'volume', Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }],
  };
}

/** EC2 refuses a type that it does not know; this list would only grow old. */
const volumeType = (type: string) => type as VolumeType;

/** Done once every new volume is `available`. */
export function awaitVolumes({ swaps }: RestoreDetail, world: VolumesView, nowMs: number): Decision {
  const waiting = swaps.flatMap(({ restored, device }) => {
    if (restored === undefined) return [`the volume for ${device}`];
    const state = world.volumes.get(restored.volumeId)?.state;
    if (state === undefined && nowMs - Date.parse(restored.askedAt) > visibilityMs)
      throw vanished(restored.volumeId, device);
    if (state === 'error') throw providerFault(`${restored.volumeId}, made for ${device}, is in state error.`);
    return state === 'available' || state === 'in-use' ? [] : [`${restored.volumeId} (${device}) to be available`];
  });
  return waiting.length === 0 ? nothingToDo : { actions: [], waitingFor: waiting.join(', ') };
}

/** CreateVolume checks the key only after it has answered; a volume whose key cannot be used disappears. https://docs.aws.amazon.com/ebs/latest/userguide/ebs-cloud-watch-events.html */
const vanished = (volumeId: string, device: string) =>
  providerFault(
    `${volumeId}, made for ${device}, has vanished. EC2 does that when the KMS key of the snapshot cannot be used: see that the key is enabled and that its policy lets this account create grants.`,
  );
