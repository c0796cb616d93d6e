/**
 * Copies of snapshots in another Region, asked for there. CopySnapshot takes no client token and copies no tags; a key that cannot be used is
 * told by the copy's end alone. https://docs.aws.amazon.com/ebs/latest/userguide/ebs-copy-snapshot.html
 */
import { CopySnapshotCommand, CreateTagsCommand, type Snapshot } from '@aws-sdk/client-ec2';
import type { Artifact } from '#domain/artifact.ts';
import { transientFault } from '#domain/faults.ts';
import { copyTagKeys, tagKeys } from '#domain/tags.ts';
import { codeOf, faultWhile } from '#platform/aws-errors.ts';
import { ec2In } from '#platform/clients/ec2.ts';
import { environment } from '#platform/environment.ts';
import type { Copied, Copier, CopyTags } from '../copier.ts';
import { copyTags } from '../copy-tags.ts';
import { placeProblems } from '../place-problems.ts';
import { tagList } from '../tag-list.ts';
import { deleteSnapshot } from './delete-snapshot.ts';
import { describeSnapshots, inBatches } from './describe.ts';
import { ebsDetail } from './detail.ts';
import { copiesUnderWay } from './limits.ts';
import { problemOf, stateOf } from './progress.ts';
import { tagsOf } from './selection.ts';
import { volumeTag } from './volume-tag.ts';

/** Of what the Region takes: somebody else may copy there, too, and two sweeps may count at the same time. */
const leftToOthers = 4;

export const copier: Copier = {
  kind: 'ebs',
  mostUnderWay: copiesUnderWay - leftToOthers,
  look: async (region, artifactIds) => {
    const found = await inBatches(artifactIds, (Values) => copiesIn(region, Values));
    const oldestFirst = found.filter(isOurs).toSorted((one, other) => startMs(one) - startMs(other));
    const byArtifact = Map.groupBy(oldestFirst, (snapshot) => tagsOf(snapshot)[copyTagKeys.of] ?? '');
    return new Map([...byArtifact].map(([id, copies]) => [id, copies.map(copied)]));
  },
  begin: async (artifact, place, tags) => {
    const { SnapshotId = '' } = await ec2In(place.region)
      .once.send(
        new CopySnapshotCommand({
          ...{ SourceRegion: environment.region(), SourceSnapshotId: artifact.id },
          ...{ Encrypted: true, KmsKeyId: place.key },
          Description: `${descriptionStart(artifact.id)}${artifact.source} of ${tags.workload}, run ${tags.pointId}`,
          TagSpecifications: [{ ResourceType: 'snapshot', Tags: tagsFor(artifact, tags) }],
        }),
      )
      .catch((error: unknown) => {
        if (codeOf(error) === 'ResourceLimitExceeded') throw transientFault(String(error), error);
        throw error;
      });
    return SnapshotId;
  },
  tellWhole: async (region, ids) => {
    const Tags = [{ Key: copyTagKeys.state, Value: 'whole' }];
    await ec2In(region).client.send(new CreateTagsCommand({ Resources: [...ids], Tags }));
  },
  discard: async (region, SnapshotId) => {
    await deleteSnapshot(SnapshotId, region).catch(faultWhile(`deleting ${SnapshotId} in ${region}`));
  },
  examine: async (place) => ({
    problems: await placeProblems(place, () => copiesIn(place.region, ['snap-00000000000000000'])),
    notes: [],
  }),
};

const copiesIn = (region: string, artifactIds: string[]): Promise<readonly Snapshot[]> =>
  describeSnapshots(
    [
      { Name: `tag:${tagKeys.stack}`, Values: [environment.stack()] },
      { Name: `tag:${copyTagKeys.of}`, Values: artifactIds },
    ],
    ec2In(region).client,
  );

const descriptionStart = (artifactId: string) => `Holdfast: copy of ${artifactId}, `;

/** Tags can be set by whoever may tag; the description is fixed when a copy is made. */
const isOurs = (snapshot: Snapshot): boolean =>
  snapshot.Description?.startsWith(descriptionStart(tagsOf(snapshot)[copyTagKeys.of] ?? '')) ?? false;

const startMs = ({ StartTime }: Snapshot): number => StartTime?.getTime() ?? 0;

const copied = (snapshot: Snapshot): Copied => ({
  ...{ id: snapshot.SnapshotId ?? '', state: stateOf(snapshot) },
  ...problemOf(snapshot),
});

function tagsFor(artifact: Artifact, tags: CopyTags) {
  const detail = ebsDetail(artifact);
  return [...tagList(copyTags(artifact, tags)), { Key: tagKeys.instance, Value: detail.instanceId }, volumeTag(detail)];
}
