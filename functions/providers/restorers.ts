/** Every resource kind that can be brought back: apart from `index.ts`, so that a backup step does not carry what only recoveries need. */
import { invariantBroken } from '#domain/faults.ts';
import { amiRestore } from './ami/restore.ts';
import { auroraRestore } from './aurora/restore.ts';
import { awsBackupRestore } from './aws-backup/restore.ts';
import { dynamodbRestore } from './dynamodb/restore.ts';
import { ebsRestore } from './ebs/restore/index.ts';
import { efsRestore } from './efs/restore.ts';
import { elasticacheRestore } from './elasticache/restore.ts';
import { memorydbRestore } from './memorydb/restore.ts';
import { opensearchRestore } from './opensearch/restore/index.ts';
import { rdsRestore } from './rds/restore.ts';
import type { Restorer } from './restorer.ts';

const restorers: Readonly<Record<string, Restorer>> = {
  ebs: ebsRestore,
  ami: amiRestore,
  aurora: auroraRestore,
  dynamodb: dynamodbRestore,
  rds: rdsRestore,
  efs: efsRestore,
  'aws-backup': awsBackupRestore,
  elasticache: elasticacheRestore,
  memorydb: memorydbRestore,
  opensearch: opensearchRestore,
};

export function restorerOf(kind: string): Restorer {
  const restorer = restorers[kind];
  if (restorer === undefined) throw invariantBroken(`No restorer of kind ${kind}.`);
  return restorer;
}
