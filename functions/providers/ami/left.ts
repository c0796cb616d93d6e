/**
 * What a run that is over has left: images, and snapshots whose image is gone already. Tags find them, and are no proof, since whoever may tag
 * can set them: an image's name is, which only Holdfast gives and no call changes.
 */
import type { Image } from '@aws-sdk/client-ec2';
import type { Artifact } from '#domain/artifact.ts';
import type { PlannedMember, Run } from '#domain/run.ts';
import { logger } from '#platform/logger.ts';
import { artifactOf, snapshotName } from '../named-snapshots.ts';
import { images as named } from './images.ts';
import { imageSnapshots, imagesOfRun } from './listing.ts';
import { seenImage } from './seen-image.ts';

export async function left(run: Run): Promise<readonly Artifact[]> {
  const members = (run.plan?.members ?? []).filter(({ kind }) => kind === 'ami');
  const [images, snapshots] = await Promise.all([imagesOfRun(run.id), imageSnapshots([{ run: run.id }])]);
  const nameOf = ({ resource }: PlannedMember) => snapshotName(named, run.id, resource);
  logStrangers(run, images, members.map(nameOf));
  return members.flatMap((member) => {
    const image = images.find(({ Name }) => Name === nameOf(member));
    if (image !== undefined) return [artifactOf(seenImage(image, []), member)];
    return snapshots.origins.some(({ source }) => source === member.resource) ? [orphaned(member, run)] : [];
  });
}

function logStrangers({ id, artifacts }: Run, images: readonly Image[], names: readonly string[]): void {
  for (const { ImageId, Name = '' } of images) {
    if (names.includes(Name) || artifacts.some((artifact) => artifact.id === ImageId)) continue;
    logger.warn(`${ImageId} carries the tags of ${id}, which has not made it: it is left alone.`);
  }
}

/** Its own id is not known any more; `discard` finds its snapshots by the run. */
const orphaned = ({ resource, tier, detail }: PlannedMember, run: Run): Artifact => ({
  ...{ kind: 'ami', id: `the image of ${resource}`, source: resource, tier, state: 'error' },
  startedAt: run.admittedAt ?? run.startedAt,
  ...{ problem: 'it is deregistered, and some of its snapshots are not deleted', detail: { ...detail, run: run.id } },
});
