import { backupRestore, metadataLine, restoreLine } from '../backup-restore.ts';

export const awsBackupRestore = backupRestore({
  kind: 'aws-backup',
  words: () =>
    'Restore it first: AWS Backup makes a new one, and says by the first command how the old one was, so far as it knows; networks, parameters and members of a cluster are yours to give it.',
  lines: (artifact) => [metadataLine(artifact), restoreLine(artifact.detail, '<as the first command says, changed>')],
});
