import { z } from 'zod';
import { tier } from '../member-fields.ts';
import { backedUpType } from './backed-up-type.ts';
import { checkRestoreChoice, restoreChoice } from './restore-choice-shape.ts';

export const shape = z
  .strictObject({
    kind: z.literal('aws-backup'),
    resource: z
      .string()
      .refine((arn) => backedUpType(arn) !== undefined, {
        error:
          'It is the ARN of an FSx file system or volume, an Aurora, DocumentDB or Neptune cluster, an S3 bucket or a volume of a Storage Gateway. EBS, EFS, RDS, caches and search domains have kinds of their own.',
      })
      .describe('ARN of what AWS Backup copies: of FSx, Aurora, DocumentDB, Neptune, S3 or Storage Gateway.')
      .meta({ examples: ['arn:aws:s3:::invoices'] }),
    restore: restoreChoice,
    tier,
  })
  .superRefine(checkRestoreChoice);
