import { z } from 'zod';
import { automatic, cname, copiedUnderKey, oneSignpost, parameter, tier } from '../member-fields.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const bucket = z
  .string()
  .regex(
    /^(?!.*[.-]{2}|\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    'A bucket is named with lower case letters, digits, single dots and hyphens, 3 to 63 of them, and not as an IP address; without s3:// and without a prefix, which ElastiCache knows none of.',
  );

/** https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-exporting.html */
const exported = z
  .strictObject({ bucket: bucket.describe('Name of a bucket of this account in the Region of the cache.') })
  .optional()
  .describe(
    'Once a point is sealed, ElastiCache writes the snapshot’s .rdb files to the bucket, named after the snapshot, of nodes one a shard. Holdfast never deletes them. Absent: it writes none.',
  );

/** https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-seeding-redis.html */
const seeded = z
  .strictObject({ bucket: bucket.describe('Name of a bucket in the Region of the cache.') })
  .optional()
  .describe(
    'Bucket with .rdb files that holdfast recover --rdb may make a new cache from, instead of a point. Absent: from none.',
  );

/** As `cache-name.ts` reads it. https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html */
export const shape = z
  .strictObject({
    kind: z.literal('elasticache'),
    resource: z
      .string()
      .regex(
        /^(?!.*--)(replicationgroup:[a-z]([a-z0-9-]{0,38}[a-z0-9])?|cluster:[a-z]([a-z0-9-]{0,48}[a-z0-9])?|serverlesscache:[a-z]([a-z0-9-]{0,38}[a-z0-9])?)$/,
        'It is named as at the end of its ARN: replicationgroup:, cluster: or serverlesscache:, and its name of lower case letters, digits and single hyphens, beginning with a letter, at most 40 of them (of a cluster 50).',
      )
      .describe('The end of its ARN: replicationgroup:NAME, cluster:NAME (of one node) or serverlesscache:NAME.')
      .meta({ examples: ['replicationgroup:sessions'] }),
    parameter,
    cname,
    automatic,
    copy: copiedUnderKey,
    export: exported,
    seed: seeded,
    tier,
  })
  .refine(...oneSignpost)
  .refine(({ resource, seed }) => seed === undefined || !resource.startsWith('serverlesscache:'), {
    path: ['seed'],
    error:
      'A serverless cache is made from snapshots, and only one of nodes from files (docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-seeding-redis.html).',
  });
