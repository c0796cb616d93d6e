/** One instance and the volumes that a recovery concerns, as EC2 shows them at one moment. */
import type { Instance, Volume } from '@aws-sdk/client-ec2';
import { describeInstances, describeVolumes } from '../describe.ts';
import { tagsOf } from '../selection.ts';
import type { RestoreDetail } from './restore-detail.ts';

export interface World extends InstanceView, VolumesView {}

export interface InstanceView {
  /** EC2's words; `missing` when it is not there at all. */
  readonly state: string;
  /** Why it is in that state, in EC2's words. */
  readonly reason?: string;
  /** The instance's own view of its devices, which may be ahead of or behind the volumes' view. */
  readonly devices: ReadonlyMap<string, DeviceView>;
}

export interface VolumesView {
  readonly volumes: ReadonlyMap<string, VolumeView>;
}

interface DeviceView {
  readonly volumeId: string;
  readonly status: string;
  readonly deleteOnTermination: boolean;
}

export interface VolumeView {
  readonly state: string;
  readonly attachment?: { readonly instanceId: string; readonly device: string; readonly state: string };
  readonly tags: Readonly<Record<string, string>>;
}

/** Values that one filter takes. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html */
const filterValues = 200;

export async function look(detail: RestoreDetail): Promise<World> {
  const [instance, volumes] = await Promise.all([lookAtInstance(detail), lookAtVolumes(detail)]);
  return { ...instance, ...volumes };
}

export async function lookAtInstance({ instanceId }: RestoreDetail): Promise<InstanceView> {
  const [instance] = await describeInstances([{ Name: 'instance-id', Values: [instanceId] }]);
  return viewOfInstance(instance);
}

export const lookAtVolumes = async (detail: RestoreDetail): Promise<VolumesView> => ({
  volumes: await volumesById(volumeIdsOf(detail)),
});

const volumeIdsOf = ({ swaps }: RestoreDetail): readonly string[] =>
  swaps.flatMap(({ original, restored }) => [
    ...(original === undefined ? [] : [original.volumeId]),
    ...(restored === undefined ? [] : [restored.volumeId]),
  ]);

/** By filter: one that is gone, or not visible yet, is left out instead of failing the call. */
async function volumesById(ids: readonly string[]): Promise<ReadonlyMap<string, VolumeView>> {
  const found = new Map<string, VolumeView>();
  for (let from = 0; from < ids.length; from += filterValues) {
    const values = ids.slice(from, from + filterValues);
    for (const volume of await describeVolumes([{ Name: 'volume-id', Values: values }])) {
      found.set(volume.VolumeId ?? '', viewOfVolume(volume));
    }
  }
  return found;
}

function viewOfInstance(instance: Instance | undefined): InstanceView {
  const reason = instance?.StateReason?.Message;
  const devices = (instance?.BlockDeviceMappings ?? []).map(({ DeviceName = '', Ebs }): [string, DeviceView] => [
    DeviceName,
    {
      volumeId: Ebs?.VolumeId ?? '',
      status: Ebs?.Status ?? '',
      deleteOnTermination: Ebs?.DeleteOnTermination ?? false,
    },
  ]);
  return {
    state: instance?.State?.Name ?? 'missing',
    ...(reason === undefined ? {} : { reason }),
    devices: new Map(devices),
  };
}

function viewOfVolume(volume: Volume): VolumeView {
  const attachment = volume.Attachments?.find(({ State }) => State !== 'detached');
  return {
    state: volume.State ?? 'unknown',
    tags: tagsOf(volume),
    ...(attachment === undefined
      ? {}
      : {
          attachment: {
            instanceId: attachment.InstanceId ?? '',
            device: attachment.Device ?? '',
            state: attachment.State ?? '',
          },
        }),
  };
}
