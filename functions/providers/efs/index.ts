/**
 * EFS file systems: on-demand jobs of AWS Backup. There is no snapshot of a file system: the files are read one after another for as long as the job
 * lasts, so that it is a copy of one moment only if nothing is written meanwhile.
 * https://docs.aws.amazon.com/efs/latest/ug/awsbackup.html
 */
import { backupProvider } from '../backup-provider.ts';
import type { Provider } from '../provider.ts';
import { fileSystem } from './file-system.ts';

/** The most that AWS Backup reads in a second. https://docs.aws.amazon.com/efs/latest/ug/awsbackup.html#backup-performance */
const mostBytesPerMs = 400_000;

const copied = backupProvider({
  kind: 'efs',
  look: ({ resource }) => fileSystem(resource),
  typesOf: () => ['EFS'],
  canBeStopped: () => true,
  leastMs: ({ sizeBytes }) => Number(sizeBytes ?? 0) / mostBytesPerMs,
  nameOf: (resourceArn) => /:elasticfilesystem:.*:file-system\/(fs-[0-9a-f]+)$/.exec(resourceArn)?.[1],
});

export const efs: Provider = {
  ...copied,
  isMeasured: ({ resource }, dimension, value) => dimension === 'FileSystemId' && value === resource,
};
