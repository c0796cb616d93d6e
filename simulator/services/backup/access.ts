/** Service Authorization Reference, AWS Backup: jobs have no resource type; a job is started on its vault, a restore on its point, and both hand on a role. */
import type { Access } from '../../kernel/service.ts';
import type { BackupContext } from './backup.ts';
import type { Points } from './points.ts';

interface Named {
  readonly BackupVaultName?: string;
  readonly RecoveryPointArn?: string;
  readonly ResourceArn?: string;
  readonly IamRoleArn?: string;
}

export function backupAccess(
  { vaultArn }: BackupContext,
  { tagsOf }: Points,
  operation: string,
  { BackupVaultName = '', RecoveryPointArn, ResourceArn = '', IamRoleArn = '' }: Named,
): readonly Access[] {
  const action = `backup:${operation}`;
  const onPoint = (pointArn: string): Access => ({
    ...{ action, resource: pointArn },
    context: Object.fromEntries([...(tagsOf(pointArn) ?? [])].map(([key, value]) => [`aws:ResourceTag/${key}`, value])),
  });
  const passing: Access = {
    ...{ action: 'iam:PassRole', resource: IamRoleArn, context: { 'iam:PassedToService': 'backup.amazonaws.com' } },
  };
  switch (operation) {
    case 'StartBackupJob':
      return [{ action, resource: vaultArn(BackupVaultName) }, passing];
    case 'StartRestoreJob':
      return [onPoint(RecoveryPointArn ?? ''), passing];
    case 'ListRecoveryPointsByBackupVault':
      return [{ action, resource: vaultArn(BackupVaultName) }];
    case 'ListTags':
    case 'TagResource':
      return [onPoint(ResourceArn)];
    default:
      return [RecoveryPointArn === undefined ? { action, resource: '*' } : onPoint(RecoveryPointArn)];
  }
}
