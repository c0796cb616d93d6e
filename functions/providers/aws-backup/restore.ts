import { GetRecoveryPointRestoreMetadataCommand } from '@aws-sdk/client-backup';
import type { Artifact } from '#domain/artifact.ts';
import { asFault, unlessCalled } from '#platform/aws-errors.ts';
import { backup } from '#platform/clients/backup.ts';
import { textOf } from '../backup-jobs.ts';
import { byHand } from '../by-hand.ts';
import { metadataLine, restoreLine } from '../restore-lines.ts';
import { besideOf } from './restore-metadata.ts';

export const awsBackupRestore = byHand(
  {
    kind: 'aws-backup',
    words: () =>
      'Restore it first: AWS Backup makes a new one beside it; networks, parameters and members of a cluster are yours to give it.',
    lines,
  },
  ['aws-backup'],
);

/** To be run as they are, where AWS Backup knows enough of the resource as it was. */
async function lines(artifact: Artifact): Promise<readonly string[]> {
  const { detail, id } = artifact;
  const told = await toldOf(artifact);
  const mark = id
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
    .slice(-6);
  const beside = told && besideOf(told.ResourceType ?? '', told.RestoreMetadata ?? {}, mark);
  if (beside === undefined) {
    return [metadataLine(detail), restoreLine(detail, '<as the first command says, changed>')];
  }
  return [...beside.notes, restoreLine(detail, JSON.stringify(beside.metadata))];
}

/** AWS Backup's words for the resource as it was. Undefined: it has none, or the point is gone. */
const toldOf = ({ detail, source }: Artifact) =>
  backup()
    .send(
      new GetRecoveryPointRestoreMetadataCommand({
        BackupVaultName: textOf(detail.vault),
        RecoveryPointArn: textOf(detail.recoveryPointArn),
      }),
    )
    .catch(unlessCalled('ResourceNotFoundException', 'InvalidParameterValueException'))
    .catch((error: unknown) => {
      throw asFault(error, `asking AWS Backup how ${source} is restored`);
    });
