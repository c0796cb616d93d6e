/**
 * A volume's settings as a tag that a person can read in the EC2 console and recovery can read back:
 * `holdfast:volume:vol-0abc` = `/dev/sdh gp3 100GiB 3000iops 125MiB/s eu-west-1a keep data i-0abc plain`.
 * All members of a set carry the tags of the whole set, since one CreateSnapshots call tags them all alike.
 */
import { volumeKey } from '#domain/tags.ts';
import type { EbsDetail } from './detail.ts';

export const volumeTag = (volume: EbsDetail): { readonly Key: string; readonly Value: string } => ({
  Key: volumeKey(volume.volumeId),
  Value: [
    volume.device,
    volume.type,
    `${volume.sizeGib}GiB`,
    `${volume.iops ?? 0}iops`,
    `${volume.throughput ?? 0}MiB/s`,
    volume.availabilityZone,
    volume.deleteOnTermination ? 'delete' : 'keep',
    volume.root ? 'root' : 'data',
    volume.instanceId,
    volume.encrypted ? (volume.kmsKeyId ?? 'encrypted') : 'plain',
  ].join(' '),
});

const pattern =
  /^(?<device>\S+) (?<type>\S+) (?<size>\d+)GiB (?<iops>\d+)iops (?<throughput>\d+)MiB\/s (?<zone>\S+) (?<termination>delete|keep) (?<place>root|data) (?<instance>i-\S+) (?<key>\S+)$/;

/** The settings that a snapshot's tags tell of one volume, or undefined when they do not. */
export function readVolumeTag(
  volumeId: string,
  tags: Readonly<Record<string, string>>,
  ownTags: Readonly<Record<string, string>>,
): EbsDetail | undefined {
  const found = pattern.exec(tags[volumeKey(volumeId)] ?? '')?.groups;
  if (found === undefined) return undefined;
  const { device = '', type = '', zone = '', instance = '', key = '' } = found;
  return {
    instanceId: instance,
    volumeId,
    device,
    root: found.place === 'root',
    availabilityZone: zone,
    type,
    sizeGib: Number(found.size),
    ...(found.iops === '0' ? {} : { iops: Number(found.iops) }),
    ...(found.throughput === '0' ? {} : { throughput: Number(found.throughput) }),
    encrypted: key !== 'plain',
    ...(key.startsWith('arn:') ? { kmsKeyId: key } : {}),
    deleteOnTermination: found.termination === 'delete',
    tags: ownTags,
  };
}
