/**
 * What a service makes of an artifact where its owner wants it: files in S3, or a copy beside it under another key. It stands beside the point, and is
 * never part of it.
 */
import type { Artifact } from './artifact.ts';
import type { Point } from './point.ts';
import type { Workload } from './policy.ts';

export interface ArtifactExport {
  /** The artifact's kind and id. */
  readonly kind: string;
  readonly id: string;
  /** Name of the bucket that the files are in, or shall be; or ARN of the KMS key that the copy is encrypted with. */
  readonly bucket?: string;
  readonly key?: string;
  /** `wanted`: until all is there. `failed`: given up, or lost, and told. */
  readonly state: 'wanted' | 'done' | 'failed';
  /** When its service was last asked for it, ISO; written before the call, so that another may not have had any effect. */
  readonly askedAt?: string;
  /** `s3://bucket/key` of each file, or the copy's name, once all are there. */
  readonly files?: readonly string[];
  /** Why it failed, in AWS's words. */
  readonly problem?: string;
}

/** What the policy wants of a point that is being sealed. */
export const exportsWanted = (
  { members }: Pick<Workload, 'members'>,
  artifacts: readonly Artifact[],
): readonly ArtifactExport[] =>
  artifacts.flatMap(({ kind, id, source }) =>
    members.flatMap((member) => {
      if (!('resource' in member) || member.kind !== kind || member.resource !== source) return [];
      const { export: files, copy } = member;
      return [
        ...(files === undefined ? [] : [{ kind, id, bucket: files.bucket, state: 'wanted' as const }]),
        ...(copy === undefined ? [] : [{ kind, id, key: copy.kmsKey, state: 'wanted' as const }]),
      ];
    }),
  );

/** Whether sweeps have still to look after exports of a point: of one that is broken, or goes, nothing is exported any more. */
export const isExporting = ({ exports = [], retire, broken }: Point): boolean =>
  retire === undefined && broken === undefined && exports.some(({ state }) => state === 'wanted');

/** Whether two are of the same artifact, and to the same place. */
export const isSameExport = (one: ArtifactExport, other: ArtifactExport): boolean =>
  one.kind === other.kind && one.id === other.id && one.bucket === other.bucket && one.key === other.key;

/**
 * Name of an artifact's copy under another key: the same for whoever asks, so that no second one can be made. Of the snapshot's name it has when the run
 * was due, and the mark that no other has: at most 40 characters, as all that Holdfast gives to caches.
 */
export const copyName = (artifactId: string): string => `holdfast-k-${artifactId.slice(-27).replace(/^-+/, '')}`;

/** Copies under other keys that a point may have, each as an artifact of which all else is as of what it was copied from. */
export const copiesUnderKeys = (
  { artifacts, exports = [] }: Pick<Point, 'artifacts' | 'exports'>,
  isMeant: (wanted: ArtifactExport) => boolean = ({ askedAt }) => askedAt !== undefined,
): readonly Artifact[] =>
  exports.flatMap((wanted) =>
    wanted.key !== undefined && isMeant(wanted)
      ? artifacts
          .filter(({ kind, id }) => kind === wanted.kind && id === wanted.id)
          .map((artifact) => ({ ...artifact, id: copyName(artifact.id) }))
      : [],
  );

/** A copy under another key that was complete when it was last looked at. */
export const isMadeCopy = ({ key, state }: ArtifactExport): boolean => key !== undefined && state === 'done';

/** ARN of the key of an artifact's copy. Undefined: there is none. */
export const copyKey = ({ exports = [] }: Pick<Point, 'exports'>, artifact: Artifact): string | undefined =>
  exports.find((each) => isMadeCopy(each) && each.kind === artifact.kind && each.id === artifact.id)?.key;
