/** The files in S3 that a service writes of an artifact, where its owner wants some: beside the point, and never part of it. */
import type { Artifact } from './artifact.ts';
import type { Point } from './point.ts';
import type { Workload } from './policy.ts';

export interface ArtifactExport {
  /** The artifact's kind and id. */
  readonly kind: string;
  readonly id: string;
  /** Name of the bucket that the files are in, or shall be. */
  readonly bucket: string;
  /** `wanted`: until all files are there. `failed`: given up, and told. */
  readonly state: 'wanted' | 'done' | 'failed';
  /** When its service was last asked for it, ISO; written before the call, so that another may not have had any effect. */
  readonly askedAt?: string;
  /** `s3://bucket/key` of each file, once all are there. */
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
    members.flatMap((member) =>
      'resource' in member && member.kind === kind && member.resource === source && member.export !== undefined
        ? { kind, id, bucket: member.export.bucket, state: 'wanted' as const }
        : [],
    ),
  );

/** Whether sweeps have still to look after exports of a point: of one that is broken, or goes, nothing is exported any more. */
export const isExporting = ({ exports = [], retire, broken }: Point): boolean =>
  retire === undefined && broken === undefined && exports.some(({ state }) => state === 'wanted');
