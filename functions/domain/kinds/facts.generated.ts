/** Written by `npm run kinds`: every folder here that has a `facts.ts`. */
import { facts as ami } from './ami/facts.ts';
import { facts as aurora } from './aurora/facts.ts';
import { facts as awsBackup } from './aws-backup/facts.ts';
import { facts as dynamodb } from './dynamodb/facts.ts';
import { facts as ebs } from './ebs/facts.ts';
import { facts as efs } from './efs/facts.ts';
import { facts as elasticache } from './elasticache/facts.ts';
import { facts as memorydb } from './memorydb/facts.ts';
import { facts as opensearch } from './opensearch/facts.ts';
import { facts as rds } from './rds/facts.ts';

export const facts = {
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
