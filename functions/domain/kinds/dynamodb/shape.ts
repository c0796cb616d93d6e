import { z } from 'zod';
import { parameterName } from '../../policy-fields.ts';
import { continuous, tier } from '../member-fields.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html */
const tableName = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{3,255}$/, 'A table is named with letters, digits and _ . -, 3 to 255 of them.');

export const shape = z.strictObject({
  kind: z.literal('dynamodb'),
  resource: tableName.describe('Name of the table.').meta({ examples: ['orders'] }),
  continuous,
  parameter: parameterName.optional().describe('SSM parameter in which applications find the name of the table.'),
  tier,
});
