import { z } from 'zod';
import { cname, continuous, plainName, tier } from '../member-fields.ts';

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html */
export const shape = z.strictObject({
  kind: z.literal('aurora'),
  resource: plainName(63)
    .describe('Identifier of the DB cluster.')
    .meta({ examples: ['orders'] }),
  cname,
  continuous,
  tier,
});
