/** Every call of a recovery that would change something, in order, as an operator would type it. */
import type { Recovery } from '#domain/recovery.ts';
import { environment } from '#platform/environment.ts';
import { commandLine, line } from './command-line.ts';
import { createVolumeInput } from './create.ts';
import { type GuestTask, guestTasks } from './guest-task.ts';
import type { RestoreDetail, Swap } from './restore-detail.ts';
import { createSnapshotsInput } from './safeguard.ts';
import { replacedTags } from './tags.ts';

export function plannedCalls(details: readonly RestoreDetail[], recovery: Recovery): readonly string[] {
  return [
    ...details.flatMap((detail) => detail.swaps.map((swap) => createCall(detail, swap, recovery))),
    ...(recovery.plan.safetySnapshot ? details.flatMap((detail) => safetyCalls(detail, recovery)) : []),
    ...details.flatMap((detail) => swapCalls(detail, recovery)),
  ];
}

/** What stands for an id that EC2 has not given yet. */
const newVolume = ({ device }: Swap) => `<new volume for ${device}>`;

function createCall(detail: RestoreDetail, swap: Swap, recovery: Recovery): string {
  const input = createVolumeInput(detail, swap, recovery);
  return line('ec2 create-volume', {
    'snapshot-id': input.SnapshotId ?? '',
    'availability-zone': input.AvailabilityZone ?? '',
    size: String(input.Size),
    'volume-type': input.VolumeType ?? '',
    ...(input.Iops === undefined ? {} : { iops: String(input.Iops) }),
    ...(input.Throughput === undefined ? {} : { throughput: String(input.Throughput) }),
    ...(input.Encrypted === true ? { encrypted: '' } : {}),
    ...(input.KmsKeyId === undefined ? {} : { 'kms-key-id': input.KmsKeyId }),
    'tag-specifications': JSON.stringify(input.TagSpecifications),
  });
}

function safetyCalls(detail: RestoreDetail, recovery: Recovery): readonly string[] {
  if (detail.swaps.every(({ original }) => original === undefined)) return [];
  const input = createSnapshotsInput(detail, recovery);
  return [
    line('ec2 create-snapshots', {
      'instance-specification': JSON.stringify(input.InstanceSpecification),
      description: input.Description,
      'tag-specifications': JSON.stringify(input.TagSpecifications),
    }),
  ];
}

function swapCalls(detail: RestoreDetail, recovery: Recovery): readonly string[] {
  const { instanceId, swaps, wasRunning } = detail;
  const replaced = swaps.flatMap(({ device, original }) => (original === undefined ? [] : [{ device, original }]));
  const settings = swaps.map((swap) => ({
    device: swap.device,
    volumeId: newVolume(swap),
    deleteOnTermination: swap.deleteOnTermination,
  }));
  const kept = settings.filter(({ deleteOnTermination }) => deleteOnTermination);
  return [
    ...(wasRunning ? [commandLine({ kind: 'stop', instanceId })] : []),
    ...replaced.flatMap(({ device, original: { volumeId, tags, marks } }) => [
      commandLine({
        kind: 'tag',
        resourceId: volumeId,
        tags: replacedTags(recovery, instanceId, { ...tags, ...marks }),
      }),
      commandLine({ kind: 'detach', instanceId, volumeId, device }),
    ]),
    ...settings.map(({ device, volumeId }) => commandLine({ kind: 'attach', instanceId, volumeId, device })),
    ...(kept.length === 0 ? [] : [commandLine({ kind: 'keep-setting', instanceId, settings: kept })]),
    ...(wasRunning ? [commandLine({ kind: 'start', instanceId })] : []),
    ...(wasRunning ? guestTasks(recovery.plan).map((task) => taskCall(instanceId, task)) : []),
  ];
}

export const taskCall = (instanceId: string, { document, parameters }: GuestTask): string =>
  line('ssm send-command', {
    'document-name': `<the ${document} document of the stack ${environment.stack()}>`,
    'instance-ids': instanceId,
    parameters: JSON.stringify(Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, [value]]))),
  });
