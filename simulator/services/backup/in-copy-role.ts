/**
 * What AWS Backup does in the role of a backup job, in services that are not simulated as far as that: no more than whether the role may.
 * Source: AWS's managed policies AWSBackupServiceRolePolicyForBackup and AWSBackupServiceRolePolicyForS3Backup.
 */
import type { Access } from '../../kernel/service.ts';
import type { Source } from './sources.ts';

/** Each type's decisive call. */
const actions: Readonly<Record<string, string>> = {
  Aurora: 'rds:CreateDBClusterSnapshot',
  DynamoDB: 'dynamodb:StartAwsBackupJob',
  EBS: 'ec2:CreateSnapshot',
  EC2: 'ec2:CreateImage',
  FSx: 'fsx:CreateBackup',
  RDS: 'rds:CreateDBSnapshot',
  S3: 's3:ListBucket',
  'Storage Gateway': 'storagegateway:CreateSnapshot',
};

export function copyAccess({ type, arn }: Pick<Source, 'type' | 'arn'>): readonly Access[] {
  const action = actions[type];
  return action === undefined ? [] : [{ action, resource: arn, context: {} }];
}
