/** What a bucket's policy and its access control list allow ElastiCache, without what they deny anybody. */
import * as z from 'zod/mini';

interface Grant {
  readonly Grantee?: { readonly ID?: string | undefined } | undefined;
  readonly Permission?: string | undefined;
}

export interface BucketAccess {
  readonly bucket: string;
  readonly region: string;
  /** JSON; absent: it has none. */
  readonly policy?: string | undefined;
  readonly grants: readonly Grant[];
}

/** https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-exporting.html */
const ofBucket = ['s3:ListBucket', 's3:GetBucketAcl', 's3:ListBucketMultipartUploads'];
const ofObjects = ['s3:PutObject', 's3:GetObject', 's3:ListMultipartUploadParts'];
/** The older way, where access control lists are enabled: ElastiCache's canonical id, in GovCloud and in the Regions that need no opting in. */
const canonicalIds = [
  '540804c33a284a299d2547575ce1010f2312ef3da9b3a053c8bc45bf233e4353',
  '40fa568277ad703bd160f66ae4f83fc9dfdfd06c2f1b5060ca22442ac3ef8be6',
];
const permissions = ['READ', 'WRITE', 'READ_ACP'];

const texts = z.union([z.string(), z.array(z.string())]);
const document = z.object({
  Statement: z.array(
    z.object({
      Effect: z.string(),
      Principal: z.optional(z.union([z.string(), z.record(z.string(), texts)])),
      Action: z.optional(texts),
      Resource: z.optional(texts),
    }),
  ),
});

type Statement = z.infer<typeof document>['Statement'][number];

/** @returns actions that the policy would have to allow besides; none where the list grants what ElastiCache needs */
export function missingGrants({ bucket, region, policy, grants }: BucketAccess): readonly string[] {
  if (permissions.every((permission) => isGranted(grants, permission))) return [];
  const allowing = statementsIn(policy).filter(
    ({ Effect, Principal }) => Effect === 'Allow' && isForExports(Principal, region),
  );
  const isAllowed = (action: string, resource: string): boolean =>
    allowing.some(({ Action = [], Resource = [] }) => covers(Action, action) && covers(Resource, resource));
  // By its own name: the partition is not known here.
  const arn = (resource: string) => `s3:::${resource}`;
  return [
    ...ofBucket.filter((action) => !isAllowed(action, arn(bucket))),
    ...ofObjects.filter((action) => !isAllowed(action, arn(`${bucket}/holdfast-0001.rdb`))),
  ];
}

const isGranted = (grants: readonly Grant[], permission: string): boolean =>
  grants.some(
    ({ Grantee, Permission = '' }) =>
      canonicalIds.includes(Grantee?.ID ?? '') && [permission, 'FULL_CONTROL'].includes(Permission),
  );

function statementsIn(policy = '{}'): readonly Statement[] {
  const { Statement } = JSON.parse(policy);
  return z.safeParse(document, { Statement: [Statement ?? []].flat() }).data?.Statement ?? [];
}

function isForExports(principal: Statement['Principal'], region: string): boolean {
  if (principal === undefined || typeof principal === 'string') return principal === '*';
  const services = [principal.Service ?? []].flat();
  return services.some((service) => service.startsWith(`${region}.elasticache-snapshot.`));
}

const covers = (patterns: string | readonly string[], text: string): boolean =>
  [patterns].flat().some((pattern) => patternOf(pattern.replace(/^arn:[^:]*:/, '')).test(text));

const patternOf = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    'i',
  );
