import { z } from 'zod';
import { instance, tier } from '../member-fields.ts';

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateImage.html */
export const shape = z.strictObject({
  kind: z.literal('ami'),
  instance,
  reboot: z
    .boolean()
    .default(false)
    .describe(
      'EC2 shuts the instance down for its image and starts it again: clean file systems, at the price of an outage. Not together with hooks.',
    ),
  role: z
    .string()
    .regex(
      /^([\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/,
      'A role is named with letters, digits and _ + = , . @ -, with its path if it has one.',
    )
    .optional()
    .describe(
      'IAM role of the instance profile: a recovery may hand this one to what it launches. Without it the new instance is launched without a profile.',
    ),
  tier,
});
