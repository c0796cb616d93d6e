/** What a run that is over has left: images, and snapshots whose image is gone already. */
import type { Artifact } from '#domain/artifact.ts';
import type { Run } from '#domain/run.ts';
import { artifactOf } from '../named-snapshots.ts';
import { imageSnapshots, imagesOfRun, originOf } from './listing.ts';
import { seenImage } from './seen-image.ts';

export async function left({ id: run }: Run): Promise<readonly Artifact[]> {
  const [images, snapshots] = await Promise.all([imagesOfRun(run), imageSnapshots([{ run }])]);
  const known = new Set(images.map((image) => originOf(image).source));
  return [
    ...images.map((image) => artifactOf(seenImage(image, []), memberOf(originOf(image).source))),
    ...snapshots.origins.filter(({ source }) => !known.has(source)).map(({ source }) => orphaned(source, run)),
  ];
}

const memberOf = (resource: string) => ({ kind: 'ami', resource, tier: 1, artifacts: 1, detail: {} });

/** Its own id is not known any more; `discard` finds its snapshots by the run. */
const orphaned = (source: string, run: string): Artifact => ({
  ...{ kind: 'ami', id: `the image of ${source}`, source, tier: 1, state: 'error', startedAt: '' },
  ...{ problem: 'it is deregistered, and some of its snapshots are not deleted', detail: { run } },
});
