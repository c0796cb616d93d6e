import { z } from 'zod';
import { cname, continuous, plainName, tier } from '../member-fields.ts';

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html */
export const shape = z.strictObject({
  kind: z.literal('rds'),
  resource: plainName(63)
    .describe('Identifier of the DB instance.')
    .meta({ examples: ['orders'] }),
  cname,
  continuous,
  tier,
});
