import { z } from 'zod';
import { automatic, cname, oneSignpost, parameter, tier } from '../member-fields.ts';

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
      .describe('The end of its ARN: replicationgroup:NAME, cluster:NAME (of one node) or serverlesscache:NAME.'),
    parameter,
    cname,
    automatic,
    tier,
  })
  .refine(...oneSignpost);
