/**
 * What AWS Backup copies and no kind of its own is for, by its ARN. Nothing of the resource is asked but AWS Backup itself: what it keeps of its
 * settings is all that is kept.
 */
import { backedUpType } from '#domain/kinds/aws-backup/backed-up-type.ts';
import { backupProvider } from '../backup-provider.ts';

export const awsBackup = backupProvider({
  kind: 'aws-backup',
  look: async ({ resource }) => ({ settings: { resourceArn: resource }, refusals: [] }),
  typesOf: (resourceArn) => backedUpType(resourceArn)?.names ?? [],
  canBeStopped: (resourceArn) => backedUpType(resourceArn)?.canBeStopped ?? false,
  nameOf: (resourceArn) => (backedUpType(resourceArn) === undefined ? undefined : resourceArn),
});
