/** The members of a policy as people type them, one shape a kind. Imported by deploy-time code only (zod). */
import { z } from 'zod';
import { backedUpType } from './backed-up-type.ts';
import { device, instanceId, listWithout, parameterName, securityGroups, subnets, tags } from './policy-fields.ts';
import { checkRestoreChoice, restoreChoice } from './restore-choice-shape.ts';

const exactlyOne = (keys: readonly string[]) => (record: object) =>
  Object.entries(record).filter(([key, value]) => keys.includes(key) && value !== undefined).length === 1;

const tier = z
  .int()
  .min(1)
  .max(99)
  .default(1)
  .describe(
    'Members of one tier are taken at the same time; tiers in ascending order, databases before the disks that they refer to.',
  );

const instance = z
  .strictObject({
    id: instanceId.optional().describe('One instance.'),
    tags: tags.optional().describe('Every instance that has all these tags.'),
  })
  .refine(exactlyOne(['id', 'tags']), { error: 'Give exactly one of id and tags.' });

const volumeChoice = z
  .strictObject({
    devices: listWithout(device, 'This device').min(1, 'Name at least one device.').optional(),
    tags: tags.optional(),
  })
  .refine(exactlyOne(['devices', 'tags']), { error: 'Give exactly one of devices and tags.' });

const volumes = z
  .union([z.enum(['all', 'data']), volumeChoice])
  .describe('all; data (all but the root volume); those under named devices; or those that have all the tags.');

const ebsMember = z.strictObject({ kind: z.literal('ebs'), instance, volumes, tier });

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateImage.html */
const amiMember = z.strictObject({
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

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html */
const parameter = z
  .string()
  .max(1011, 'A parameter has at most 1,011 characters.')
  .regex(/^(\/[A-Za-z0-9_.-]+)+$/, 'A parameter is a path of letters, digits and _ . -, beginning with a slash.')
  .refine((name) => !/^\/(aws|ssm)/i.test(name), { error: 'Names of parameters that begin with aws or ssm are AWS’s.' })
  .optional()
  .describe('SSM parameter by which applications find it: a recovery puts the new one’s host and port there.');

/** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html */
const cname = z
  .strictObject({
    zone: z
      .string()
      .regex(/^Z[A-Z0-9]{1,31}$/, 'A hosted zone has an id of capital letters and digits, beginning with Z.')
      .describe('Id of the hosted zone that has the record.'),
    name: z
      .string()
      .max(253, 'A name has at most 253 characters.')
      .regex(
        /^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/,
        'A record is named in full, in lower case, without a dot at the end: cache.internal.example.com.',
      )
      .describe('Name of the record, in full. It must exist, as a plain CNAME.'),
    ttlSeconds: z.int().min(1).max(3600).default(60).describe('So long may resolvers go on with what they know.'),
  })
  .optional()
  .describe(
    'CNAME record by which applications find it, instead of a parameter: a recovery leads it to the new one’s host.',
  );

const oneSignpost = [
  ({ parameter, cname }: { readonly parameter?: unknown; readonly cname?: unknown }) =>
    parameter === undefined || cname === undefined,
  { error: 'Give a parameter or a cname, not both.' },
] as const;

/** In the words of AWS Backup and DynamoDB. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html */
const continuous = z
  .boolean()
  .default(false)
  .describe(
    'Makes no copy: the point is a moment of the continuous backup that the service keeps by itself (at most 35 days), so that the next tier need not wait for one.',
  );

const mostAutomaticDays = 35;

/**
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyServerlessCache.html
 * https://docs.aws.amazon.com/memorydb/latest/devguide/snapshots-automatic.html
 */
const automatic = z
  .strictObject({
    retentionDays: z
      .int()
      .min(0)
      .refine((days) => days <= mostAutomaticDays, {
        error: `ElastiCache and MemoryDB keep automatic snapshots ${mostAutomaticDays} days at most (docs.aws.amazon.com/memorydb/latest/devguide/snapshots-automatic.html).`,
      })
      .meta({ maximum: mostAutomaticDays })
      .describe('Days that the service keeps each of them; 0 switches them off.'),
  })
  .optional()
  .describe(
    'Keeps the service’s own daily snapshots in step with the workload’s window. They are a spare, and never part of a point. Absent: they are left alone.',
  );

/** As AWS's newer services let people name things. */
const plainName = (mostCharacters: number) =>
  z
    .string()
    .regex(
      new RegExp(`^(?!.*--)[a-z]([a-z0-9-]{0,${mostCharacters - 2}}[a-z0-9])?$`),
      `It is named with lower case letters, digits and single hyphens, at most ${mostCharacters} of them, beginning with a letter.`,
    );

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html */
const rdsMember = z.strictObject({
  kind: z.literal('rds'),
  resource: plainName(63).describe('Identifier of the DB instance.'),
  continuous,
  tier,
});

/** As `cache-name.ts` reads it. https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html */
const elasticacheMember = z
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

/** https://docs.aws.amazon.com/memorydb/latest/devguide/clusters.create.html */
const memorydbMember = z
  .strictObject({
    kind: z.literal('memorydb'),
    resource: plainName(40).describe('Name of the cluster.'),
    parameter,
    cname,
    automatic,
    tier,
  })
  .refine(...oneSignpost);

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html */
const auroraMember = z.strictObject({
  kind: z.literal('aurora'),
  resource: plainName(63).describe('Identifier of the DB cluster.'),
  continuous,
  tier,
});

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html */
const tableName = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{3,255}$/, 'A table is named with letters, digits and _ . -, 3 to 255 of them.');

const dynamodbMember = z.strictObject({
  kind: z.literal('dynamodb'),
  resource: tableName.describe('Name of the table.'),
  continuous,
  parameter: parameterName.optional().describe('SSM parameter in which applications find the name of the table.'),
  tier,
});

const efsMember = z.strictObject({
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
const opensearchMember = z.strictObject({
  kind: z.literal('opensearch'),
  resource: z
    .string()
    .regex(
      /^[a-z][a-z0-9-]{2,27}$/,
      'A domain is named with lower case letters, digits and hyphens, 3 to 28 of them, beginning with a letter.',
    )
    .describe('Name of the domain.'),
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

const awsBackupMember = z
  .strictObject({
    kind: z.literal('aws-backup'),
    resource: z
      .string()
      .refine((arn) => backedUpType(arn) !== undefined, {
        error:
          'It is the ARN of an FSx file system or volume, an Aurora, DocumentDB or Neptune cluster, an S3 bucket or a volume of a Storage Gateway. EBS, EFS, RDS, caches and search domains have kinds of their own.',
      })
      .describe('ARN of what AWS Backup copies: of FSx, Aurora, DocumentDB, Neptune, S3 or Storage Gateway.'),
    restore: restoreChoice,
    tier,
  })
  .superRefine(checkRestoreChoice);

/** A new kind is a shape and a place here. */
export const memberShape = z.discriminatedUnion('kind', [
  ebsMember,
  amiMember,
  rdsMember,
  memorydbMember,
  opensearchMember,
  auroraMember,
  dynamodbMember,
  efsMember,
  awsBackupMember,
  elasticacheMember,
]);

export type MemberShape = z.output<typeof memberShape>;
