/** An image and its snapshots as EC2 shows them now. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Image.html */
import type { Snapshot as EbsSnapshot, Image } from '@aws-sdk/client-ec2';
import type { Artifact } from '#domain/artifact.ts';
import type { Snapshot } from '../named-snapshots.ts';
import { tagsIn } from '../tag-list.ts';
import { originOf } from './listing.ts';

/** @param volumes how many the instance had when it was planned; 0: not known, so that the moment is fixed when all is complete */
export function seenImage(image: Image, snapshots: readonly EbsSnapshot[], volumes = 0): Snapshot {
  const state = stateOf(image, snapshots);
  const begun = snapshots.flatMap(({ StartTime }) => StartTime ?? []).map((time) => time.toISOString());
  const isFixed = state === 'completed' || (volumes > 0 && begun.length >= volumes);
  const [first] = begun.toSorted();
  const upper = isFixed ? begun.toSorted().at(-1) : undefined;
  const lower = image.CreationDate ?? first ?? '';
  const progress = leastProgress(snapshots);
  return {
    ...{ id: image.ImageId ?? '', name: image.Name ?? '' },
    state,
    ...(progress === undefined ? {} : { progress }),
    ...problemOf(image, state),
    startedAt: first ?? lower,
    cut: { lower, ...(upper === undefined ? {} : { upper }) },
    tags: tagsIn(image.Tags),
    detail: { run: originOf(image).run },
  };
}

function stateOf({ State }: Image, snapshots: readonly EbsSnapshot[]): Artifact['state'] {
  if (State === 'pending') return 'pending';
  if (State === 'failed' || State === 'error' || State === 'invalid' || State === 'disabled') return 'error';
  if (State !== 'available') return 'gone';
  if (snapshots.some((snapshot) => snapshot.State === 'error')) return 'error';
  return snapshots.every((snapshot) => snapshot.State === 'completed') ? 'completed' : 'pending';
}

function problemOf({ State, StateReason }: Image, state: Artifact['state']): { readonly problem?: string } {
  if (state !== 'error') return {};
  if (State === 'disabled') return { problem: 'the image is disabled: nothing can be launched from it' };
  return { problem: StateReason?.Message ?? `EC2 reports the image as ${State}, without a reason` };
}

/** Of the snapshot that is furthest behind. */
const leastProgress = (snapshots: readonly EbsSnapshot[]): string | undefined =>
  snapshots
    .map(({ Progress }) => Progress || '0%')
    .sort((one, other) => Number.parseInt(one, 10) - Number.parseInt(other, 10))[0];
