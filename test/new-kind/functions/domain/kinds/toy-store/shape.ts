import { z } from 'zod';
import { plainName, tier } from '../member-fields.ts';

export const shape = z.strictObject({
  kind: z.literal('toy-store'),
  resource: plainName(40).describe('Name of the store.'),
  street: z.string().max(40, 'A street has at most 40 characters.').optional().describe('Street that it must be in.'),
  tier,
});
