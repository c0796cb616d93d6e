/** Written by `npm run kinds`: every folder here that has a `shape.ts`. */
import { shape as ami } from './ami/shape.ts';
import { shape as aurora } from './aurora/shape.ts';
import { shape as awsBackup } from './aws-backup/shape.ts';
import { shape as dynamodb } from './dynamodb/shape.ts';
import { shape as ebs } from './ebs/shape.ts';
import { shape as efs } from './efs/shape.ts';
import { shape as elasticache } from './elasticache/shape.ts';
import { shape as memorydb } from './memorydb/shape.ts';
import { shape as opensearch } from './opensearch/shape.ts';
import { shape as rds } from './rds/shape.ts';

export const shapes = [
  ami,
  aurora,
  awsBackup,
  dynamodb,
  ebs,
  efs,
  elasticache,
  memorydb,
  opensearch,
  rds,
] as const;
