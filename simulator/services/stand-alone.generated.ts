/** Written by `npm run kinds`: every folder here that has an `index.ts`. */
import { create as applicationautoscaling } from './applicationautoscaling/index.ts';
import { create as dynamodb } from './dynamodb/index.ts';
import { create as ecs } from './ecs/index.ts';
import { create as efs } from './efs/index.ts';
import { create as kms } from './kms/index.ts';
import { create as memorydb } from './memorydb/index.ts';
import { create as opensearch } from './opensearch/index.ts';
import { create as rds } from './rds/index.ts';
import { create as route53 } from './route53/index.ts';
import { create as s3 } from './s3/index.ts';
import { create as sns } from './sns/index.ts';
import { create as sts } from './sts/index.ts';

export const standAlone = {
  applicationautoscaling,
  dynamodb,
  ecs,
  efs,
  kms,
  memorydb,
  opensearch,
  rds,
  route53,
  s3,
  sns,
  sts,
} as const;
