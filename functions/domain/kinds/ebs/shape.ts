import { z } from 'zod';
import { device, exactlyOne, listWithout, tags } from '../../policy-fields.ts';
import { instance, tier } from '../member-fields.ts';

const volumeChoice = z
  .strictObject({
    devices: listWithout(device, 'This device').min(1, 'Name at least one device.').optional(),
    tags: tags.optional(),
  })
  .refine(exactlyOne(['devices', 'tags']), { error: 'Give exactly one of devices and tags.' });

const volumes = z
  .union([z.enum(['all', 'data']), volumeChoice])
  .describe('all; data (all but the root volume); those under named devices; or those that have all the tags.')
  .meta({ examples: [{ devices: ['/dev/sdh'] }, { tags: { Name: 'orders-data' } }] });

export const shape = z.strictObject({ kind: z.literal('ebs'), instance, volumes, tier });
