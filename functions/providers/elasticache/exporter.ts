/**
 * The .rdb files of a snapshot of nodes, in a bucket: one a shard, `<name>-0001.rdb` and so on. Which are there tells S3 alone; ElastiCache
 * never overwrites one. https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-exporting.html
 */
import { CopySnapshotCommand } from '@aws-sdk/client-elasticache';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { checkedCacheName } from '#domain/cache-name.ts';
import { providerFault } from '#domain/faults.ts';
import { codeOf, isUnderWay } from '#platform/aws-errors.ts';
import { elasticache } from '#platform/clients/elasticache.ts';
import { s3 } from '#platform/clients/s3.ts';
import type { Exporter } from '../exporter.ts';
import { bucketProblems } from './export-bucket.ts';
import { groupNamed } from './look-at-group.ts';
import { nodeSnapshots } from './node-snapshots.ts';

export const exporter: Exporter = {
  kind: 'elasticache',
  look: async ({ id }, bucket) => {
    const [[snapshot], files] = await Promise.all([
      nodeSnapshots({ SnapshotName: id }).catch(goneIfNotFound),
      filesOf(id, bucket),
    ]);
    const count = snapshot?.NodeSnapshots?.length ?? 0;
    if (files.length > 0 && files.length === count) return { files, count, isBusy: false };
    if (snapshot === undefined) {
      throw providerFault(
        `The snapshot ${id} is gone; of its files ${files.length} are there, and nobody knows of how many.`,
      );
    }
    return { files, count, isBusy: snapshot.SnapshotStatus !== 'available' };
  },
  begin: async ({ id }, bucket) => {
    const names = { SourceSnapshotName: id, TargetSnapshotName: id };
    try {
      await elasticache().send(new CopySnapshotCommand({ ...names, TargetBucket: bucket }));
    } catch (error) {
      if (!isUnderWay(error) && !isThere(error)) throw error;
    }
  },
  problems: async ({ resource }, bucket) => {
    const { form, name } = checkedCacheName(resource);
    const group = form === 'replicationgroup' ? await groupNamed(name) : undefined;
    const tiered = `elasticache ${resource} has data tiering, and ElastiCache exports no snapshots of such (docs.aws.amazon.com/AmazonElastiCache/latest/dg/data-tiering.html): take export away from the member.`;
    return [...(group?.DataTiering === 'enabled' ? [tiered] : []), ...(await bucketProblems(bucket))];
  },
  line: ({ id }, bucket) =>
    `aws elasticache copy-snapshot --source-snapshot-name ${id} --target-snapshot-name ${id}-again --target-bucket ${bucket}`,
};

function goneIfNotFound(error: unknown): readonly [] {
  if (codeOf(error) !== 'SnapshotNotFoundFault') throw error;
  return [];
}

/** "The S3 bucket %s already contains an object with key %s": an earlier call has had its effect. */
const isThere = (error: unknown): boolean =>
  codeOf(error) === 'SnapshotAlreadyExistsFault' ||
  (codeOf(error).startsWith('InvalidParameterValue') &&
    error instanceof Error &&
    error.message.includes('already contains an object'));

/** One page: a group has at most 500 shards. */
async function filesOf(id: string, bucket: string): Promise<readonly string[]> {
  const { Contents = [] } = await s3().send(new ListObjectsV2Command({ Bucket: bucket, Prefix: `${id}-` }));
  return Contents.flatMap(({ Key = '' }) => (/-\d{4}\.rdb$/.test(Key) ? [`s3://${bucket}/${Key}`] : []));
}
