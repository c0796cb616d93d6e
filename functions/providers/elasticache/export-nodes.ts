/** Of nodes: one file a shard, `<name>-0001.rdb` and so on. https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CopySnapshot.html */
import { CopySnapshotCommand } from '@aws-sdk/client-elasticache';
import { providerFault } from '#domain/faults.ts';
import { codeOf } from '#platform/aws-errors.ts';
import { elasticache } from '#platform/clients/elasticache.ts';
import type { Exported } from '../exporter.ts';
import { filesOf } from './export-files.ts';
import { nodeSnapshots } from './node-snapshots.ts';

/** What the calls of one form do, with a snapshot's name. */
export interface FormExports {
  look(name: string, bucket: string): Promise<Exported>;
  begin(name: string, bucket: string): Promise<void>;
  line(name: string, bucket: string): string;
}

export const nodeExports: FormExports = {
  look: async (name, bucket) => {
    const [[snapshot], files] = await Promise.all([
      nodeSnapshots({ SnapshotName: name }).catch(goneIfNotFound),
      filesOf(`${name}-`, bucket),
    ]);
    const named = files.flatMap(({ file }) => (/-\d{4}\.rdb$/.test(file) ? [file] : []));
    const count = snapshot?.NodeSnapshots?.length ?? 0;
    if (named.length > 0 && named.length === count) return { files: named, count, isWhole: true, isBusy: false };
    if (snapshot === undefined) {
      throw providerFault(
        `The snapshot ${name} is gone; of its files ${named.length} are there, and nobody knows of how many.`,
      );
    }
    return { files: named, count, isWhole: false, isBusy: snapshot.SnapshotStatus !== 'available' };
  },
  begin: async (name, bucket) => {
    const names = { SourceSnapshotName: name, TargetSnapshotName: name };
    await elasticache().send(new CopySnapshotCommand({ ...names, TargetBucket: bucket }));
  },
  line: (name, bucket) =>
    `aws elasticache copy-snapshot --source-snapshot-name ${name} --target-snapshot-name ${name}-again --target-bucket ${bucket}`,
};

function goneIfNotFound(error: unknown): readonly [] {
  if (codeOf(error) !== 'SnapshotNotFoundFault') throw error;
  return [];
}
