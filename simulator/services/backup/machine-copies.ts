/**
 * What AWS Backup makes of instances and volumes: an image whose snapshots are of one moment, or a snapshot.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/multi-volume-crash-consistent.html
 */
import { arn } from '../../iam/arn.ts';
import type { Ec2 } from '../ec2/ec2.ts';
import type { ImageRecord, Tags } from '../ec2/records.ts';
import { takeSnapshot } from '../ec2/snapshots.ts';
import { copiableTags } from '../ec2/tags.ts';

export interface MachineCopies {
  /** Of what is as it is now. @returns the recovery point's ARN; undefined: it is neither instance nor volume */
  take(resourceArn: string, tags: Readonly<Record<string, string>>): string | undefined;
  /** Whether what it made is complete. */
  isComplete(pointArn: string): boolean;
}

const description = 'This is created by the AWS Backup service.';

export function createMachineCopies({ context }: Ec2): MachineCopies {
  const { kernel, clock, random, durations } = context;
  const idOf = (someArn: string): string => someArn.split('/').at(-1) ?? '';
  /** AWS Backup copies the source's own tags. */
  const tagsOf = (id: string, own: Tags, others: Readonly<Record<string, string>>): Tags =>
    new Map([...copiableTags(own), ...Object.entries(others), ['aws:backup:source-resource', id]]);

  const takeVolume = (id: string, tags: Readonly<Record<string, string>>): string | undefined => {
    const volume = context.volumes.get(id);
    if (volume === undefined) return undefined;
    const snapshot = takeSnapshot(context, volume, tagsOf(id, volume.tags, tags), description, undefined);
    return arn(kernel, 'ec2', `snapshot/${snapshot.id}`);
  };

  /** Whether the tags of the recovery point are on its snapshots, too, is not documented (assumed: they are not). */
  const takeInstance = (id: string, tags: Readonly<Record<string, string>>): string | undefined => {
    const instance = context.instances.get(id);
    if (instance === undefined) return undefined;
    const volumes = [...context.volumes.values()].filter(({ attachment }) => attachment?.instanceId === id);
    const nowMs = clock.nowMs();
    const image: ImageRecord = {
      ...{ id: `ami-${random.hex(17)}`, name: `AwsBackup_${id}_${random.hex(32)}`, instanceId: id, description },
      ...{ rootDevice: instance.rootDevice, devices: volumes.map(({ attachment }) => attachment?.device ?? '') },
      ...{ tags: tagsOf(id, instance.tags, tags), snapshotTags: new Map(), creationTimeMs: nowMs },
      ...{ visibleAtMs: nowMs + durations.take('visibility'), goneAtMs: undefined },
      ...{ snapshotIds: new Map(), state: 'pending', problem: undefined, sharedWith: [], isProtected: false },
    };
    context.images.set(image.id, image);
    const setId = random.hex(17);
    for (const volume of volumes) {
      const snapshot = takeSnapshot(context, volume, tagsOf(volume.id, volume.tags, {}), description, setId);
      snapshot.usedByImage = image.id;
      image.snapshotIds.set(volume.attachment?.device ?? '', snapshot.id);
    }
    return arn(kernel, 'ec2', `image/${image.id}`);
  };

  return {
    take: (resourceArn, tags) => takeInstance(idOf(resourceArn), tags) ?? takeVolume(idOf(resourceArn), tags),
    isComplete: (pointArn) => {
      const id = idOf(pointArn);
      const made = context.images.get(id) ?? context.snapshots.get(id);
      return made?.state !== 'pending';
    },
  };
}
