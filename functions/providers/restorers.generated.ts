/** Written by `npm run kinds`: every folder here that has a `restore.ts`. */
import { amiRestore as ami } from './ami/restore.ts';
import { auroraRestore as aurora } from './aurora/restore.ts';
import { awsBackupRestore as awsBackup } from './aws-backup/restore.ts';
import { dynamodbRestore as dynamodb } from './dynamodb/restore.ts';
import { ebsRestore as ebs } from './ebs/restore.ts';
import { efsRestore as efs } from './efs/restore.ts';
import { elasticacheRestore as elasticache } from './elasticache/restore.ts';
import { memorydbRestore as memorydb } from './memorydb/restore.ts';
import { opensearchRestore as opensearch } from './opensearch/restore.ts';
import { rdsRestore as rds } from './rds/restore.ts';

export const restorers = {
  ami,
  aurora,
  'aws-backup': awsBackup,
  dynamodb,
  ebs,
  efs,
  elasticache,
  memorydb,
  opensearch,
  rds,
} as const;
