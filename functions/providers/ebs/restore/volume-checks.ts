/** What can be wrong with snapshots, keys and devices. Each finding is one sentence that says what to do. Pure. */
import type { Snapshot } from '@aws-sdk/client-ec2';
import type { Workload } from '#domain/policy.ts';
import { isUnusable, type KeyStates } from '../key-states.ts';
import { claimant } from '../selection.ts';
import { line } from './command-line.ts';
import type { InstanceFacts } from './facts.ts';
import type { Swap } from './restore-detail.ts';
import { ownTagLimit } from './tags.ts';

export function snapshotRefusals(swap: Swap, snapshots: ReadonlyMap<string, Snapshot>): readonly string[] {
  const { snapshotId, device } = swap;
  const snapshot = snapshots.get(snapshotId);
  if (snapshot === undefined) {
    return [
      `${snapshotId} (${device}) no longer exists: it was deleted, or lies in the Recycle Bin. Choose another point.`,
    ];
  }
  if (snapshot.State !== 'completed') {
    return [`${snapshotId} (${device}) is ${snapshot.State}, not completed. Choose another point.`];
  }
  if (snapshot.StorageTier === 'archive') return [archived(swap)];
  return [];
}

/** What AWS Backup has put there only AWS Backup takes out. https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-ebs.html */
function archived({ snapshotId, device, settings }: Swap): string {
  if (settings.recoveryPointArn !== undefined) {
    const command = line('backup start-restore-job', {
      'recovery-point-arn': settings.recoveryPointArn,
      'iam-role-arn': '<HoldfastRestoreRole of the stack>',
      metadata: JSON.stringify({ availabilityZone: settings.availabilityZone, temporaryRestoreDays: '7' }),
    });
    return `${snapshotId} (${device}) is in cold storage. Choose another point, or have AWS Backup take it out first, which takes up to 72 hours, and recover within the days that you name (the volume that it makes besides is yours to delete): ${command}`;
  }
  const command = line('ec2 restore-snapshot-tier', { 'snapshot-id': snapshotId, 'temporary-restore-days': '7' });
  return `${snapshotId} (${device}) is archived. Bring it back first, which takes up to 72 hours: ${command}`;
}

/**
 * Every key counts, also those of volumes that stay: an attached volume works on with a disabled key, but not after a stop.
 * https://docs.aws.amazon.com/ebs/latest/userguide/how-ebs-encryption-works.html
 */
export const keyRefusals = (keys: KeyStates): readonly string[] =>
  [...keys]
    .filter(([, state]) => isUnusable(state))
    .map(
      ([id, state]) =>
        `The KMS key ${id} is ${state}: a volume under it can neither be made nor attached again after a stop. Enable it first.`,
    );

export const keyWarnings = (keys: KeyStates): readonly string[] =>
  [...keys]
    .filter(([, state]) => state === 'unknown')
    .map(
      ([id]) =>
        `The state of the KMS key ${id} could not be asked for; if it is not usable, the recovery will be rolled back.`,
    );

export function deviceRefusals(
  { instance, attached, volumes }: InstanceFacts,
  { device, original }: Swap,
  others: readonly Workload[],
): readonly string[] {
  const id = instance.InstanceId ?? '';
  const alias = attached.find((volume) => volume.device !== device && letters(volume.device) === letters(device));
  const owner = original && claimant(original, instance, others);
  const shared = volumes.find(
    (volume) => volume.VolumeId === original?.volumeId && (volume.Attachments ?? []).length > 1,
  );
  return [
    ...(alias === undefined
      ? []
      : [
          `${id} has ${alias.volumeId} under ${alias.device}, which the guest sees under the same name as ${device}. Detach it first.`,
        ]),
    ...(owner === undefined
      ? []
      : [
          `${original?.volumeId} (${device} of ${id}) belongs to the workload ${owner.name}: recovering over it would replace that workload's volume.`,
        ]),
    ...(shared === undefined
      ? []
      : [`${shared.VolumeId} (${device} of ${id}) is attached to several instances. Detach it from the others first.`]),
  ];
}

/** EC2 takes /dev/sdf and /dev/xvdf for different devices; the guest does not. */
const letters = (device: string): string => device.replace(/^\/dev\/(sd|xvd)/, '');

export function deviceWarnings(instanceId: string, swap: Swap): readonly string[] {
  const { device, original, settings } = swap;
  const changed = original !== undefined && original.volumeId !== settings.volumeId;
  const left = Object.keys(settings.tags).slice(ownTagLimit);
  return [
    ...(original === undefined
      ? [`Nothing is attached to ${instanceId} under ${device}: the volume is attached there, and nothing is replaced.`]
      : []),
    ...(changed
      ? [
          `${device} of ${instanceId} holds ${original.volumeId}, not ${settings.volumeId} that was backed up. It is replaced, and kept.`,
        ]
      : []),
    ...(left.length === 0
      ? []
      : [`The volume for ${device} has no room for these tags of its source: ${left.join(', ')}.`]),
  ];
}
