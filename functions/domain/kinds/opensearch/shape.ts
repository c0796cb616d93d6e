import { z } from 'zod';
import { securityGroups, subnets } from '../../policy-fields.ts';
import { tier } from '../member-fields.ts';

/** Lambda's limits. https://docs.aws.amazon.com/lambda/latest/api/API_VpcConfig.html */
const network = z
  .strictObject({
    subnets: subnets.max(16, 'A function stands in at most 16 subnets.').describe('Ids, of the VPC of the domain.'),
    securityGroups: securityGroups
      .max(5, 'A function has at most 5 security groups.')
      .describe('Ids. Those of the domain must let them in at port 443.'),
  })
  .optional()
  .describe(
    'Of a domain inside a VPC: where the function stands that carries requests to it. Absent: the domain has a public endpoint.',
  );

/** https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_CreateDomain.html */
export const shape = z.strictObject({
  kind: z.literal('opensearch'),
  resource: z
    .string()
    .regex(
      /^[a-z][a-z0-9-]{2,27}$/,
      'A domain is named with lower case letters, digits and hyphens, 3 to 28 of them, beginning with a letter.',
    )
    .describe('Name of the domain.')
    .meta({ examples: ['search'] }),
  repository: z
    .string()
    .regex(
      /^(?!cs-)[A-Za-z0-9][A-Za-z0-9_-]{0,254}$/,
      'A repository is named with letters, digits, _ and -; those that begin with cs- are the service’s own.',
    )
    .describe('S3 repository, registered with the domain, that its snapshots are in.'),
  network,
  tier,
});
