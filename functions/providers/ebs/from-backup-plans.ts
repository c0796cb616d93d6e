/**
 * Volumes as plans of AWS Backup copy them: the snapshots of an instance's image, all of one moment, or a snapshot of a volume by itself.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/multi-volume-crash-consistent.html
 */
import type { BlockDeviceMapping, Image, Instance, Snapshot } from '@aws-sdk/client-ec2';
import type { Artifact } from '#domain/artifact.ts';
import type { BackupPlanCopy, CopiedPart } from '#domain/backup-plan-copy.ts';
import type { EbsMember, Member } from '#domain/policy.ts';
import { type ArnOf, artifactOf, idOf, type Reach, unseen } from '../backup-plan-copies.ts';
import { describeVolumes, imagesById, snapshotsById } from './describe.ts';
import { type EbsDetail, isEbsDetail } from './detail.ts';
import { findInstances } from './find-instances.ts';
import { problemOf, stateOf } from './progress.ts';
import { attachedVolumes, isInstance, isSelected, ownTagsOf } from './selection.ts';

/** What is known of volumes and their instances. */
interface World {
  readonly members: readonly EbsMember[];
  readonly instances: ReadonlyMap<string, Instance>;
  /** By id: as they are attached now, or as the newest point has them. */
  readonly volumes: ReadonlyMap<string, EbsDetail>;
}

export async function readVolumes(
  members: readonly Member[],
  known: readonly Artifact[],
  arnOf: ArnOf,
): Promise<Reach> {
  const wanted = members.filter((member): member is EbsMember => member.kind === 'ebs');
  const world = await lookAround(wanted, known);
  const present = [...world.volumes.values()].filter((volume) => isWanted(world, volume));
  const instanceIds = [
    ...present.map(({ instanceId }) => instanceId),
    ...wanted.flatMap(({ instance }) => ('id' in instance ? [instance.id] : [])),
  ];
  return {
    resources: [
      ...instanceIds.map((id) => arnOf('ec2', `instance/${id}`)),
      ...present.map(({ volumeId }) => arnOf('ec2', `volume/${volumeId}`)),
    ],
    expected: [...new Set(present.map(placeOf))].map((place) => ({ kind: 'ebs', place })),
    read: (copies) => read(world, copies),
  };
}

async function lookAround(members: readonly EbsMember[], known: readonly Artifact[]): Promise<World> {
  const found = await findInstances(members.map(({ instance }) => instance));
  const instances = new Map(found.map((instance) => [instance.InstanceId ?? '', instance]));
  const Values = [...instances.keys()];
  const attached = Values.length === 0 ? [] : await describeVolumes([{ Name: 'attachment.instance-id', Values }]);
  const details = [
    ...found.flatMap((instance) => attachedVolumes(instance, attached)),
    ...known.flatMap(({ kind, detail }) => (kind === 'ebs' && isEbsDetail(detail) ? [detail] : [])),
  ];
  return { members, instances, volumes: new Map(details.toReversed().map((detail) => [detail.volumeId, detail])) };
}

const placeOf = ({ device, instanceId }: EbsDetail): string => `${device} of ${instanceId}`;

/** The member that means it; an instance that is gone is told by its id, or by what its image carries. */
function memberOf({ members, instances }: World, volume: EbsDetail, image?: Image): EbsMember | undefined {
  const gone = { InstanceId: volume.instanceId, ...(image?.Tags === undefined ? {} : { Tags: image.Tags }) };
  const instance = instances.get(volume.instanceId) ?? gone;
  return members.find((member) => isInstance(member.instance, instance) && isSelected(member.volumes, volume));
}

const isWanted = (world: World, volume: EbsDetail): boolean => memberOf(world, volume) !== undefined;

async function read(world: World, copies: readonly BackupPlanCopy[]): Promise<readonly CopiedPart[]> {
  const images = await imagesById(copies.filter(isOfInstance).map(({ pointArn }) => idOf(pointArn)));
  const snapshotIds = [
    ...[...images.values()].flatMap(({ BlockDeviceMappings = [] }) => BlockDeviceMappings.flatMap(snapshotIdOf)),
    ...copies.filter(isOfVolume).map(({ pointArn }) => idOf(pointArn)),
  ];
  const snapshots = await snapshotsById(snapshotIds);
  return copies.flatMap((copy) => {
    if (isOfVolume(copy)) return partOfVolume(world, copy, snapshots);
    return isOfInstance(copy) ? partsOfInstance(world, copy, images.get(idOf(copy.pointArn)), snapshots) : [];
  });
}

const isOfInstance = ({ resourceArn }: BackupPlanCopy): boolean => /:instance\//.test(resourceArn);
const isOfVolume = ({ resourceArn }: BackupPlanCopy): boolean => /:ec2:.*:volume\//.test(resourceArn);
const snapshotIdOf = ({ Ebs }: BlockDeviceMapping): string | readonly string[] => Ebs?.SnapshotId ?? [];

function partsOfInstance(
  world: World,
  copy: BackupPlanCopy,
  image: Image | undefined,
  snapshots: ReadonlyMap<string, Snapshot>,
): readonly CopiedPart[] {
  if (image === undefined) return [unseen('ebs', copy, idOf(copy.resourceArn))];
  return (image.BlockDeviceMappings ?? []).flatMap((mapping) => {
    const snapshotId = mapping.Ebs?.SnapshotId;
    if (snapshotId === undefined) return [];
    const snapshot = snapshots.get(snapshotId);
    const detail = settingsOf(world, copy, image, mapping, snapshot);
    const member = memberOf(world, detail, image);
    return member === undefined ? [] : [partOf(copy, snapshotId, snapshot, member, detail)];
  });
}

/** As the image has them; of what it does not, as the volume is now. */
function settingsOf(
  { volumes }: World,
  { resourceArn }: BackupPlanCopy,
  { RootDeviceName }: Image,
  { DeviceName: device = '', Ebs = {} }: BlockDeviceMapping,
  snapshot: Snapshot = {},
): EbsDetail {
  const { VolumeId: volumeId = '', KmsKeyId, Encrypted = false, VolumeSize } = snapshot;
  const now = volumes.get(volumeId);
  const [iops, throughput] = [Ebs.Iops ?? now?.iops, Ebs.Throughput ?? now?.throughput];
  return {
    ...{ instanceId: idOf(resourceArn), volumeId, device, root: device === RootDeviceName },
    availabilityZone: now?.availabilityZone ?? '',
    type: Ebs.VolumeType ?? now?.type ?? 'gp3',
    sizeGib: Ebs.VolumeSize ?? VolumeSize ?? now?.sizeGib ?? 0,
    ...(iops === undefined ? {} : { iops }),
    ...(throughput === undefined ? {} : { throughput }),
    encrypted: Encrypted,
    ...(KmsKeyId === undefined ? {} : { kmsKeyId: KmsKeyId }),
    deleteOnTermination: Ebs.DeleteOnTermination ?? now?.deleteOnTermination ?? false,
    tags: now?.tags ?? ownTagsOf(snapshot),
  };
}

/** Where a volume goes that is attached nowhere, and in no point of the ledger, nobody knows: its copies are left out. */
function partOfVolume(
  world: World,
  copy: BackupPlanCopy,
  snapshots: ReadonlyMap<string, Snapshot>,
): CopiedPart | readonly CopiedPart[] {
  const detail = world.volumes.get(idOf(copy.resourceArn));
  const member = detail && memberOf(world, detail);
  if (detail === undefined || member === undefined) return [];
  const snapshotId = idOf(copy.pointArn);
  const snapshot = snapshots.get(snapshotId);
  if (snapshot === undefined) return unseen('ebs', copy, placeOf(detail));
  const { kmsKeyId, ...settings } = detail;
  const key = snapshot.KmsKeyId ?? kmsKeyId;
  const then = { sizeGib: snapshot.VolumeSize ?? detail.sizeGib, encrypted: snapshot.Encrypted ?? detail.encrypted };
  return partOf(copy, snapshotId, snapshot, member, {
    ...settings,
    ...then,
    ...(key === undefined ? {} : { kmsKeyId: key }),
  });
}

function partOf(
  copy: BackupPlanCopy,
  id: string,
  snapshot: Snapshot | undefined,
  { tier }: EbsMember,
  detail: EbsDetail,
): CopiedPart {
  const ofSnapshot =
    snapshot === undefined
      ? ({ state: 'gone', problem: `${id} does not exist any more` } as const)
      : { state: stateOf(snapshot), ...problemOf(snapshot) };
  return {
    ...{ copy, place: placeOf(detail) },
    artifact: {
      ...artifactOf(copy),
      ...(copy.state === 'completed' ? ofSnapshot : {}),
      ...{ kind: 'ebs', id, source: detail.volumeId, tier, detail: { ...detail, recoveryPointArn: copy.pointArn } },
    },
  };
}
