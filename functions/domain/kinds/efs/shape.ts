import { z } from 'zod';
import { parameterName } from '../../policy-fields.ts';
import { instance, tier } from '../member-fields.ts';

export const shape = z.strictObject({
  kind: z.literal('efs'),
  resource: z
    .string()
    .regex(/^fs-[0-9a-f]{8,40}$/, 'It is named fs- and hexadecimal digits, as fs-0a1b2c3d4e5f60718.')
    .describe('Id of the file system.'),
  parameter: parameterName.optional().describe('SSM parameter in which applications find the id of the file system.'),
  promoteOn: instance
    .optional()
    .describe(
      'Linux instance with an SSM agent that reaches the mount targets: in a recovery it moves the restored files to their place. Default: one of the workload’s own.',
    ),
  tier,
});
