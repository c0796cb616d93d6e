/**
 * The .rdb files of a snapshot, in a bucket. Which are there tells S3 alone; ElastiCache never overwrites one.
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-exporting.html
 */
import { checkedCacheName } from '#domain/cache-name.ts';
import { codeOf, isUnderWay } from '#platform/aws-errors.ts';
import type { Exporter } from '../exporter.ts';
import { bucketProblems } from './export-bucket.ts';
import { type FormExports, nodeExports } from './export-nodes.ts';
import { serverlessExports } from './export-serverless.ts';
import { groupNamed } from './look-at-group.ts';

export const exporter: Exporter = {
  ...{ kind: 'elasticache', makes: 'files' },
  look: ({ id, source }, bucket) => exportsOf(source).look(id, bucket),
  begin: async ({ id, source }, bucket) => {
    try {
      await exportsOf(source).begin(id, bucket);
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
  line: ({ id, source }, bucket) => exportsOf(source).line(id, bucket),
};

const exportsOf = (resource: string): FormExports =>
  checkedCacheName(resource).form === 'serverlesscache' ? serverlessExports : nodeExports;

/** "The S3 bucket %s already contains an object with key %s": an earlier call has had its effect. */
const isThere = (error: unknown): boolean =>
  codeOf(error) === 'SnapshotAlreadyExistsFault' ||
  (codeOf(error).startsWith('InvalidParameterValue') &&
    error instanceof Error &&
    error.message.includes('already contains an object'));
