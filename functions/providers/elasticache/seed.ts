/**
 * A cache of nodes from files in S3 that its owner has, as ElastiCache exports them.
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-seeding-redis.html
 */
import type { Artifact } from '#domain/artifact.ts';
import { checkedCacheName } from '#domain/cache-name.ts';
import { invalidRequest } from '#domain/faults.ts';
import type { ManagedMember } from '#domain/policy.ts';
import { s3Head } from '#platform/clients/s3-heads.ts';
import { environment } from '#platform/environment.ts';
import type { Seeded } from '../restorer.ts';
import { nodes } from './nodes.ts';
import {
  bucketRefusal,
  fileOf,
  nameRefusals,
  otherBucket,
  type S3File,
  shapeRefusals,
  unknownSettings,
} from './seed-refusals.ts';

/** What S3 says of files. */
interface Looked {
  readonly refusals: readonly string[];
  /** ISO: when each was written. */
  readonly modifiedAt: readonly string[];
}

/**
 * @param known of the newest point, for a cache that is not there any more
 * @throws InvalidRequest when nobody knows what it was like, which the rest of a plan goes by
 */
export async function seed(
  member: ManagedMember,
  arns: readonly string[],
  known: Artifact | undefined,
): Promise<Seeded> {
  const { kind, resource, tier } = member;
  const source = await nodes.look(member, checkedCacheName(resource));
  const settings = source !== undefined && 'recreate' in source.settings ? source.settings : known?.detail;
  const looked = await look(arns, member);
  const refusals = [...nameRefusals(arns), ...looked.refusals];
  if (settings === undefined) throw invalidRequest([unknownSettings(member), ...refusals].join('\n'));
  const startedAt = [...looked.modifiedAt].sort().at(-1) ?? new Date(Date.now()).toISOString();
  return {
    artifact: {
      ...{ kind, id: arns.join(' '), source: resource, tier, state: 'completed', startedAt },
      detail: { ...settings, rdb: arns },
    },
    refusals: [...refusals, ...shapeRefusals(member, arns, settings)],
  };
}

async function look(arns: readonly string[], member: ManagedMember): Promise<Looked> {
  const buckets = Map.groupBy(
    arns.flatMap((arn) => fileOf(arn) ?? []),
    ({ bucket }) => bucket,
  );
  const looked = await Promise.all([...buckets].map(([bucket, files]) => lookInto(bucket, files, member)));
  return {
    refusals: looked.flatMap(({ refusals }) => refusals),
    modifiedAt: looked.flatMap(({ modifiedAt }) => modifiedAt),
  };
}

/** The bucket first: nothing is known of a file in one that cannot be reached. */
async function lookInto(bucket: string, files: readonly S3File[], member: ManagedMember): Promise<Looked> {
  if (bucket !== member.seed?.bucket) return { refusals: [otherBucket(bucket, member)], modifiedAt: [] };
  const { status } = await s3Head(bucket);
  if (status !== 200) return { refusals: [bucketRefusal(bucket, environment.region(), status)], modifiedAt: [] };
  const heads = await Promise.all(files.map(async ({ arn, key }) => ({ arn, head: await s3Head(bucket, key) })));
  return {
    refusals: heads.flatMap(({ arn, head }) =>
      head.status === 200 ? [] : [`${arn} does not exist, or may not be read (HTTP ${head.status}).`],
    ),
    modifiedAt: heads.flatMap(({ head }) => head.modifiedAt ?? []),
  };
}

/** ARNs of the files that a cache is made from; undefined: it is made from a snapshot. */
export function filesOf({ rdb }: Readonly<Record<string, unknown>>): string[] | undefined {
  return Array.isArray(rdb) ? rdb.map(String) : undefined;
}
