import { z } from 'zod';
import { automatic, cname, copiedUnderKey, oneSignpost, parameter, plainName, tier } from '../member-fields.ts';

/** https://docs.aws.amazon.com/memorydb/latest/devguide/clusters.create.html */
export const shape = z
  .strictObject({
    kind: z.literal('memorydb'),
    resource: plainName(40)
      .describe('Name of the cluster.')
      .meta({ examples: ['sessions'] }),
    parameter,
    cname,
    automatic,
    copy: copiedUnderKey,
    tier,
  })
  .refine(...oneSignpost);
