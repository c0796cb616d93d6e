/**
 * An image of an instance. CreateImage takes no client token, but a name that no other image of the account has, so a repeat makes no
 * second one. It answers before the snapshots begin: the moment of the image is fixed when the last of them has begun.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateImage.html
 */
import { CreateImageCommand, CreateTagsCommand, type Filter } from '@aws-sdk/client-ec2';
import type { Artifact } from '#domain/artifact.ts';
import { invariantBroken, transientFault } from '#domain/faults.ts';
import type { PlannedMember } from '#domain/run.ts';
import { imageRunTag, tagKeys } from '#domain/tags.ts';
import { codeOf } from '#platform/aws-errors.ts';
import { ec2, ec2Once } from '#platform/clients/ec2.ts';
import { environment } from '#platform/environment.ts';
import { describeImages, imagesById } from '../ebs/describe.ts';
import { patiently } from '../ebs/snapshot-set.ts';
import type { NamedService, Snapshot } from '../named-snapshots.ts';
import { promised } from '../promised.ts';
import { type Tags, tagList } from '../tag-list.ts';
import { detailOf } from './detail.ts';
import { imageSnapshots, type Origin, originOf } from './listing.ts';
import { seenImage } from './seen-image.ts';

export const images: NamedService = {
  kind: 'ami',
  mostNameCharacters: 128,
  create,
  // A new image is not shown at once (EC2, eventual consistency).
  named: (name) => patiently(async () => (await shown([{ Name: 'name', Values: [name] }]))[0]),
  describe,
  tag: async (artifact, tags) => {
    const snapshots = await imageSnapshots([artifactOrigin(artifact)]);
    const Resources = [artifact.id, ...snapshots.of(artifactOrigin(artifact)).map(({ SnapshotId = '' }) => SnapshotId)];
    await ec2().send(new CreateTagsCommand({ Resources, Tags: tagList(tags) }));
  },
  remove: async ({ id }) => {
    throw invariantBroken(`The image ${id} was to be deleted without its snapshots.`);
  },
  tagged: (workload) =>
    shown([
      { Name: `tag:${tagKeys.stack}`, Values: [environment.stack()] },
      { Name: `tag:${tagKeys.workload}`, Values: [workload] },
    ]),
};

/** By which the snapshots of an artifact are found. */
export const artifactOrigin = ({ source, detail }: Artifact): Origin => ({ source, run: detailOf(detail).run ?? '' });

async function create(name: string, { resource, detail }: PlannedMember, tags: Tags): Promise<Snapshot> {
  const lower = new Date(Date.now()).toISOString();
  const run = tags[tagKeys.run] ?? '';
  const { ImageId } = await ec2Once()
    .send(
      new CreateImageCommand({
        InstanceId: resource,
        Name: name,
        Description: `Holdfast: ${resource}, run ${run}`,
        NoReboot: !detailOf(detail).reboot,
        TagSpecifications: [
          { ResourceType: 'image', Tags: tagList(tags) },
          { ResourceType: 'snapshot', Tags: tagList(snapshotTags(tags, run)) },
        ],
      }),
    )
    .catch(passing);
  return { id: promised(ImageId, `the id of the image ${name}`), state: 'pending', cut: { lower }, detail: { run } };
}

/** EC2 makes so many images without a reboot of one instance at a time; others' end within minutes. */
function passing(error: unknown): never {
  if (codeOf(error) !== 'ConcurrentCreateImageNoRebootLimitExceeded') throw error;
  throw transientFault('EC2 makes as many images of the instance as it can at a time, and takes no more yet.', error);
}

/** They must not be taken for artifacts of the run. */
function snapshotTags({ [tagKeys.run]: _run, [tagKeys.count]: _count, ...tags }: Tags, run: string): Tags {
  return { ...tags, [tagKeys.role]: 'image', [imageRunTag]: run };
}

/** A new image may be invisible for a while; only after this does its absence mean that it is gone. */
const visibleAfterMs = 300_000;

async function describe(artifacts: readonly Artifact[]): Promise<readonly Snapshot[]> {
  const [found, snapshots] = await Promise.all([
    imagesById(artifacts.map(({ id }) => id)),
    imageSnapshots(artifacts.map(artifactOrigin)),
  ]);
  return artifacts.flatMap((artifact) => {
    const image = found.get(artifact.id);
    const { volumes = [] } = detailOf(artifact.detail);
    return image === undefined
      ? unseen(artifact)
      : [seenImage(image, snapshots.of(artifactOrigin(artifact)), volumes.length)];
  });
}

function unseen({ id, state, startedAt, cut = { lower: startedAt } }: Artifact): readonly Snapshot[] {
  const isYoung = state === 'pending' && Date.now() - Date.parse(startedAt) < visibleAfterMs;
  return isYoung ? [{ id, state, startedAt, cut }] : [];
}

async function shown(filters: Filter[]): Promise<readonly Snapshot[]> {
  const found = await describeImages(filters);
  const snapshots = await imageSnapshots(found.map(originOf));
  return found.map((image) => seenImage(image, snapshots.of(originOf(image))));
}
