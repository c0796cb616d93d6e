/**
 * AWS Backup restores files into a folder of its own, which nobody can move to their place but from a host that mounts the file system.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-efs.html
 */
import type { Artifact } from '#domain/artifact.ts';
import { backupRestore, restoreLine } from '../backup-restore.ts';

export const efsRestore = backupRestore({
  kind: 'efs',
  words: () =>
    'Restore it first, then move the files: AWS Backup puts them below /aws-backup-restore_<time> of the file system. A new one has no mount targets, access points, policy or lifecycle; what they were is in the point.',
  lines: (artifact) => [restoreLine(artifact, JSON.stringify(metadataOf(artifact)))],
});

/** Of a new file system like the old one. */
const metadataOf = ({ id, source, detail }: Artifact) => ({
  'file-system-id': source,
  newFileSystem: 'true',
  CreationToken: `${source}-${id}`.slice(0, 64),
  Encrypted: String(detail.encrypted ?? true),
  ...(typeof detail.kmsKeyId === 'string' ? { KmsKeyId: detail.kmsKeyId } : {}),
  PerformanceMode: typeof detail.performanceMode === 'string' ? detail.performanceMode : 'generalPurpose',
});
