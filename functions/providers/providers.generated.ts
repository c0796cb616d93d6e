/** Written by `npm run kinds`: every folder here that has an `index.ts`. */
import { ami } from './ami/index.ts';
import { aurora } from './aurora/index.ts';
import { awsBackup } from './aws-backup/index.ts';
import { dynamodb } from './dynamodb/index.ts';
import { ebs } from './ebs/index.ts';
import { efs } from './efs/index.ts';
import { elasticache } from './elasticache/index.ts';
import { memorydb } from './memorydb/index.ts';
import { opensearch } from './opensearch/index.ts';
import { rds } from './rds/index.ts';

export const providers = {
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
