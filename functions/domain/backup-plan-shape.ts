/** A plan of AWS Backup as people type it. Imported by deploy-time code only (zod). */
import { z } from 'zod';
import { duration, tags } from './policy-fields.ts';

/** It becomes part of a vault's name, which has 50 characters. */
export const backupPlanName = z
  .string()
  .regex(
    /^[a-z]([a-z0-9-]{0,22}[a-z0-9])?$/,
    'A plan is named with lower case letters, digits and hyphens, 1 to 24 of them, beginning with a letter and not ending with a hyphen.',
  );

const days = z.int().min(1).max(36_500);

const select = z
  .strictObject({
    tags: tags.describe('Every resource that has all these tags.'),
    types: z
      .array(z.enum(['ebs', 'ec2', 'efs', 'rds', 'cluster', 'dynamodb', 'fsx', 's3']))
      .min(1, 'Name at least one type.')
      .optional()
      .describe('Of these types only; cluster: Aurora, DocumentDB, Neptune. Default: whatever AWS Backup can copy.'),
  })
  .describe('What is copied.');

const rule = z.strictObject({
  every: z
    .enum(['day', 'week', 'month'])
    .default('day')
    .describe('Of the defaults; weeks begin on Sunday, months on the 1st.'),
  cron: z.string().optional().describe('Another time: six fields, as in a schedule. Default: 05:00.'),
  timeZone: z.string().default('UTC').describe('IANA name, such as Europe/London.'),
  startWithin: duration.default('60m').describe('A job that has not begun by then expires; at least 60m.'),
  completeWithin: duration
    .optional()
    .describe('A job that is not complete by then is stopped; an hour longer than startWithin at least.'),
  keepDays: days.optional().describe('Default: 30 of daily, 120 of weekly, 365 of monthly copies.'),
  coldAfterDays: days
    .optional()
    .describe(
      'When copies move to cold storage, for 90 days at least, where their type can. Default: 30 of weekly and monthly ones.',
    ),
  continuous: z
    .boolean()
    .default(false)
    .describe('Copies to any moment of the last 35 days, of RDS, Aurora and S3 only.'),
});

const lock = z
  .strictObject({
    minDays: days.describe('Nothing in the vault goes sooner, whoever wants it to.'),
    maxDays: days.optional().describe('Nothing may be put in for longer.'),
    changeableDays: z
      .int()
      .min(3)
      .max(36_500)
      .optional()
      .describe('After so many days the lock is for ever. Default: it can be taken off by who may.'),
  })
  .describe('A vault lock.');

export const backupPlanShape = z.strictObject({
  select,
  rules: z.array(rule).min(1, 'Name at least one rule.').max(10, 'At most 10 rules.').prefault([{}]),
  lock: lock.optional(),
});

export type BackupPlanShape = z.output<typeof backupPlanShape>;
export type RuleShape = BackupPlanShape['rules'][number];
