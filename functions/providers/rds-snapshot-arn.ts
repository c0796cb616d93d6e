import type { Artifact } from '#domain/artifact.ts';

/** Of a snapshot of RDS, as it was told of it; '' of what is none. */
export const snapshotArn = ({ detail }: Partial<Pick<Artifact, 'detail'>>): string =>
  typeof detail?.snapshotArn === 'string' ? detail.snapshotArn : '';
