/** What a person types to have AWS Backup restore a point. https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-a-backup.html */
import type { Artifact } from '#domain/artifact.ts';
import { textOf } from './backup-jobs.ts';

/**
 * @param detail of an artifact
 * @param metadata JSON text of what AWS Backup is told of the new resource
 */
export const restoreLine = (detail: Artifact['detail'], metadata: string): string =>
  `aws backup start-restore-job --recovery-point-arn ${textOf(detail.recoveryPointArn)} --iam-role-arn <the stack's output HoldfastRestoreRole> --metadata '${metadata}'`;

/** What the metadata can be: AWS Backup's own words for the resource as it was. */
export const metadataLine = (detail: Artifact['detail']): string =>
  `aws backup get-recovery-point-restore-metadata --backup-vault-name ${textOf(detail.vault)} --recovery-point-arn ${textOf(detail.recoveryPointArn)}`;
