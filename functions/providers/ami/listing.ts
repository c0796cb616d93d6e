/** Images and their snapshots as EC2 lists them: together by the run and the instance that both are tagged with, since an image names its snapshots late. */
import type { Image, Snapshot } from '@aws-sdk/client-ec2';
import { imageRunTag, tagKeys } from '#domain/tags.ts';
import { environment } from '#platform/environment.ts';
import { describeImages, describeSnapshots, inBatches } from '../ebs/describe.ts';
import { tagsIn } from '../tag-list.ts';

/** What an image is of. */
export interface Origin {
  readonly run: string;
  /** Instance. */
  readonly source: string;
}

export interface ImageSnapshots {
  of(origin: Origin): readonly Snapshot[];
  /** Of what images they are, each once. */
  readonly origins: readonly Origin[];
}

export function originOf({ Tags, SourceInstanceId = '' }: Image): Origin {
  const { [tagKeys.run]: run = '', [tagKeys.source]: source = SourceInstanceId } = tagsIn(Tags);
  return { run, source };
}

export const imagesOfRun = (run: string): Promise<readonly Image[]> =>
  describeImages([ours(), { Name: `tag:${tagKeys.run}`, Values: [run] }]);

/** Also those whose image is gone. */
export async function imageSnapshots(origins: readonly Pick<Origin, 'run'>[]): Promise<ImageSnapshots> {
  const runs = [...new Set(origins.map(({ run }) => run))].filter((run) => run !== '');
  const found = await inBatches(runs, (Values) => describeSnapshots([ours(), { Name: `tag:${imageRunTag}`, Values }]));
  const byOrigin = Map.groupBy(found, (snapshot) => keyOf(snapshotOrigin(snapshot)));
  return {
    of: (origin) => byOrigin.get(keyOf(origin)) ?? [],
    origins: [...byOrigin.values()].flatMap(([first]) => (first === undefined ? [] : [snapshotOrigin(first)])),
  };
}

function snapshotOrigin({ Tags }: Snapshot): Origin {
  const { [imageRunTag]: run = '', [tagKeys.source]: source = '' } = tagsIn(Tags);
  return { run, source };
}

const ours = () => ({ Name: `tag:${tagKeys.stack}`, Values: [environment.stack()] });
const keyOf = ({ run, source }: Origin): string => `${run} ${source}`;
