/** What a person types to have AWS Backup restore a point. https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-a-backup.html */
import type { Artifact } from '#domain/artifact.ts';
import { textOf } from './backup-jobs.ts';

/**
 * @param detail of an artifact
 * @param metadata JSON text of what AWS Backup is told of the new resource
 * @param type as which it is restored, where that is not its own
 */
export const restoreLine = (detail: Artifact['detail'], metadata: string, type?: string): string =>
  `aws backup start-restore-job --recovery-point-arn ${textOf(detail.recoveryPointArn)} --iam-role-arn <the stack's output HoldfastRestoreRole>${type === undefined ? '' : ` --resource-type ${type}`} --metadata '${metadata}'`;
