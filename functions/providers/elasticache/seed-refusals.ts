/** Why a cache is not made from files, each with its rule and where that stands. */
import type { CreateReplicationGroupMessage } from '@aws-sdk/client-elasticache';
import { checkedCacheName } from '#domain/cache-name.ts';
import type { ManagedMember } from '#domain/policy.ts';
import { cacheSettings } from '../cache-settings.ts';
import type { Settings } from '../replacement/replacement-service.ts';

const guide = 'docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-seeding-redis.html';
const tiering = 'docs.aws.amazon.com/AmazonElastiCache/latest/dg/data-tiering.html';
const api = 'docs.aws.amazon.com/AmazonElastiCache/latest/APIReference';

export interface S3File {
  readonly arn: string;
  readonly bucket: string;
  readonly key: string;
}

/** ElastiCache takes no commas; of what S3 takes besides, those that stand for themselves in every address. */
export function fileOf(arn: string): S3File | undefined {
  const [, bucket, key] = /^arn:aws[a-z-]*:s3:::([a-z0-9][a-z0-9.-]+)\/([\w.-][\w./-]*)$/.exec(arn) ?? [];
  return bucket === undefined || key === undefined ? undefined : { arn, bucket, key };
}

export const nameRefusals = (arns: readonly string[]): readonly string[] => [
  ...arns.flatMap((arn) => (fileOf(arn) === undefined ? [notAFile(arn)] : [])),
  ...new Set(arns.filter((arn, index) => arns.indexOf(arn) !== index).map((arn) => `${arn} is named twice.`)),
];

const notAFile = (arn: string): string =>
  `${arn} is not the ARN of a file in S3 (arn:aws:s3:::bucket/folder/name.rdb), its key of letters, digits and _ . - / alone: ElastiCache takes no commas (${api}/API_CreateReplicationGroup.html), and Holdfast nothing that an address must encode. Rename it.`;

export const unknownSettings = ({ kind, resource }: ManagedMember): string =>
  `${kind} ${resource} does not exist, or is not available, and no point knows what it was like: create it by hand with --snapshot-arns (${guide}).`;

export const otherBucket = (bucket: string, { kind, resource, seed }: ManagedMember): string =>
  `The bucket ${bucket} is not the one of ${kind} ${resource} in the policy (seed: ${seed?.bucket}), so no function may read it: name it there, and deploy.`;

/** @param status of a HEAD, other than 200 */
export function bucketRefusal(bucket: string, region: string, status: number): string {
  if (status === 404) return `There is no bucket ${bucket}.`;
  if (status === 403)
    return `The bucket ${bucket} may not be listed: it is another account's, or its policy denies it.`;
  return `The bucket ${bucket} is not in ${region}, and ElastiCache reads files of its own Region only (${guide}): copy them to a bucket of ${region}.`;
}

/** What a cache like the present one does not take. */
export function shapeRefusals(member: ManagedMember, arns: readonly string[], settings: Settings): readonly string[] {
  const words = `${member.kind} ${member.resource}`;
  const { recreate } = cacheSettings<CreateReplicationGroupMessage>(settings);
  const { NodeGroupConfiguration, DataTieringEnabled, Engine } = recreate;
  const refusals: readonly (readonly [boolean, string])[] = [
    [
      NodeGroupConfiguration === undefined && arns.length > 1,
      `${words} has one shard, which takes one file, not ${arns.length}: only cluster mode takes several (${api}/API_CreateCacheCluster.html).`,
    ],
    [
      DataTieringEnabled === true,
      `${words} has data tiering, of which AWS documents restores from backups, and none from files (${tiering}).`,
    ],
    [
      checkedCacheName(member.resource).form === 'cluster' && Engine !== 'redis',
      `${words} is of ${Engine}, and only a cluster of redis takes a file; a replication group takes one of valkey, too (${api}/API_CreateCacheCluster.html).`,
    ],
  ];
  return refusals.flatMap(([isSo, refusal]) => (isSo ? [refusal] : []));
}
