/**
 * The end of an image: it is deregistered, then its snapshots are deleted, which EC2 refuses while an image uses them. Half done, the
 * snapshots are found again by their tags.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/deregister-ami.html
 */
import {
  DeregisterImageCommand,
  DescribeImageAttributeCommand,
  DescribeLaunchTemplateVersionsCommand,
  type Snapshot,
} from '@aws-sdk/client-ec2';
import type { Artifact } from '#domain/artifact.ts';
import { providerFault } from '#domain/faults.ts';
import { faultWhile, unlessCalled } from '#platform/aws-errors.ts';
import { ec2 } from '#platform/clients/ec2.ts';
import { logger } from '#platform/logger.ts';
import { deleteSnapshot } from '../ebs/delete-snapshot.ts';
import { imagesById } from '../ebs/describe.ts';
import { detailOf } from './detail.ts';
import { artifactOrigin } from './images.ts';
import { imageSnapshots } from './listing.ts';

/** Of the image's snapshots those go that more than tags, which others may set, says are its own. @throws ProviderFault when others launch the image, or it is protected: it stays until somebody ends that */
export async function discard(artifact: Artifact): Promise<boolean> {
  const { id } = artifact;
  const image = (await imagesById([id])).get(id);
  const state = image?.State;
  if (state === 'pending') return false;
  if (state !== undefined && state !== 'deregistered') await deregister(id);
  const origin = artifactOrigin(artifact);
  const named = (image?.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []);
  for (const snapshot of (await imageSnapshots([origin])).of(origin)) {
    const { SnapshotId = '' } = snapshot;
    if (named.includes(SnapshotId) || isMadeWith(artifact, snapshot)) await remove(SnapshotId, id);
    else logger.warn(`${SnapshotId} carries the tags of ${id}, and is none of its snapshots: it is left alone.`);
  }
  return true;
}

/** Once the image is gone, it does not name them: they are of volumes that it was made of, and begun since. */
function isMadeWith({ detail, cut, startedAt }: Artifact, { VolumeId, StartTime }: Snapshot): boolean {
  const { volumes = [] } = detailOf(detail);
  const isSince = (StartTime?.toISOString() ?? '') >= (cut?.lower ?? startedAt);
  return isSince && volumes.some(({ volumeId }) => volumeId === VolumeId);
}

async function deregister(id: string): Promise<void> {
  const uses = await usesOf(id).catch(faultWhile(`asking who launches ${id}`));
  if (uses.length > 0) {
    throw providerFault(`The image ${id} has expired and is kept, since it is in use: ${uses.join('; ')}.`);
  }
  await ec2()
    .send(new DeregisterImageCommand({ ImageId: id }))
    .catch(unlessCalled('InvalidAMIID.NotFound', 'InvalidAMIID.Unavailable'))
    .catch(faultWhile(`deregistering ${id}`));
}

/** Which others launch it: EC2 would let it go all the same. */
async function usesOf(id: string): Promise<readonly string[]> {
  const [{ LaunchTemplateVersions = [] }, { LaunchPermissions = [] }] = await Promise.all([
    ec2().send(
      new DescribeLaunchTemplateVersionsCommand({
        Versions: ['$Latest', '$Default'],
        Filters: [{ Name: 'image-id', Values: [id] }],
      }),
    ),
    ec2().send(new DescribeImageAttributeCommand({ ImageId: id, Attribute: 'launchPermission' })),
  ]);
  const templates = new Set(LaunchTemplateVersions.flatMap(({ LaunchTemplateName }) => LaunchTemplateName ?? []));
  return [
    ...[...templates].map((name) => `the launch template ${name} launches it`),
    ...LaunchPermissions.map(
      ({ UserId, Group, OrganizationArn }) => `shared with ${UserId ?? Group ?? OrganizationArn}`,
    ),
  ];
}

async function remove(SnapshotId: string, image: string): Promise<void> {
  await deleteSnapshot(SnapshotId).catch(faultWhile(`deleting ${SnapshotId} of the image ${image}`));
}
