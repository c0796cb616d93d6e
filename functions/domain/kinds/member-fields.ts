/** What members of several kinds have in common, as people type it. Imported by deploy-time code only (zod). */
import { z } from 'zod';
import { exactlyOne, instanceId, kmsKeyArn, tags } from '../policy-fields.ts';

export const tier = z
  .int()
  .min(1)
  .max(99)
  .default(1)
  .describe(
    'Members of one tier are taken at the same time; tiers in ascending order, databases before the disks that they refer to.',
  );

export const instance = z
  .strictObject({
    id: instanceId.optional().describe('One instance.'),
    tags: tags.optional().describe('Every instance that has all these tags.'),
  })
  .refine(exactlyOne(['id', 'tags']), { error: 'Give exactly one of id and tags.' })
  .meta({ examples: [{ id: 'i-0a1b2c3d4e5f60718' }, { tags: { Name: 'orders-db' } }] });

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html */
export const parameter = z
  .string()
  .max(1011, 'A parameter has at most 1,011 characters.')
  .regex(/^(\/[A-Za-z0-9_.-]+)+$/, 'A parameter is a path of letters, digits and _ . -, beginning with a slash.')
  .refine((name) => !/^\/(aws|ssm)/i.test(name), { error: 'Names of parameters that begin with aws or ssm are AWS’s.' })
  .optional()
  .describe('SSM parameter by which applications find it: a recovery puts the new one’s host and port there.');

/** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html */
export const cname = z
  .strictObject({
    zone: z
      .string()
      .regex(/^Z[A-Z0-9]{1,31}$/, 'A hosted zone has an id of capital letters and digits, beginning with Z.')
      .describe('Id of the hosted zone that has the record.'),
    name: z
      .string()
      .max(253, 'A name has at most 253 characters.')
      .regex(
        /^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/,
        'A record is named in full, in lower case, without a dot at the end: cache.internal.example.com.',
      )
      .describe('Name of the record, in full. It must exist, as a plain CNAME.'),
    ttlSeconds: z.int().min(1).max(3600).default(60).describe('So long may resolvers go on with what they know.'),
  })
  .optional()
  .describe(
    'CNAME record by which applications find it, instead of a parameter or, of a database, its own endpoint: a recovery leads it to the new one’s host.',
  );

export const oneSignpost = [
  ({ parameter, cname }: { readonly parameter?: unknown; readonly cname?: unknown }) =>
    parameter === undefined || cname === undefined,
  { error: 'Give a parameter or a cname, not both.' },
] as const;

/** In the words of AWS Backup and DynamoDB. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html */
export const continuous = z
  .boolean()
  .default(false)
  .describe(
    'Makes no copy: the point is a moment of the continuous backup that the service keeps by itself (at most 35 days), so that the next tier need not wait for one.',
  );

const mostAutomaticDays = 35;

/**
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyServerlessCache.html
 * https://docs.aws.amazon.com/memorydb/latest/devguide/snapshots-automatic.html
 */
export const automatic = z
  .strictObject({
    retentionDays: z
      .int()
      .min(0)
      .refine((days) => days <= mostAutomaticDays, {
        error: `ElastiCache and MemoryDB keep automatic snapshots ${mostAutomaticDays} days at most (docs.aws.amazon.com/memorydb/latest/devguide/snapshots-automatic.html).`,
      })
      .meta({ maximum: mostAutomaticDays })
      .describe('Days that the service keeps each of them; 0 switches them off.'),
  })
  .optional()
  .describe(
    'Keeps the service’s own daily snapshots in step with the workload’s window. They are a spare, and never part of a point. Absent: they are left alone.',
  );

/** As AWS's newer services let people name things. */
export const plainName = (mostCharacters: number) =>
  z
    .string()
    .regex(
      new RegExp(`^(?!.*--)[a-z]([a-z0-9-]{0,${mostCharacters - 2}}[a-z0-9])?$`),
      `It is named with lower case letters, digits and single hyphens, at most ${mostCharacters} of them, beginning with a letter.`,
    );

export const copiedUnderKey = z
  .strictObject({ kmsKey: kmsKeyArn.describe('ARN of a KMS key in the Region of the cache, other than its own.') })
  .optional()
  .describe(
    'Once a point is sealed, the service keeps a copy of the snapshot encrypted with this key, and until the point goes. Absent: it keeps none.',
  );
