import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { s3 } from '#platform/clients/s3.ts';

export interface WrittenFile {
  /** `s3://bucket/key` */
  readonly file: string;
  /** Epoch ms. */
  readonly writtenMs: number;
}

/** One page: a group has at most 500 shards. */
export async function filesOf(prefix: string, bucket: string): Promise<readonly WrittenFile[]> {
  const { Contents = [] } = await s3().send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
  return Contents.map(({ Key = '', LastModified }) => ({
    file: `s3://${bucket}/${Key}`,
    writtenMs: LastModified?.getTime() ?? Date.now(),
  }));
}
