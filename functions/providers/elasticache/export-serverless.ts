/**
 * Of serverless caches. AWS documents neither how many files there will be nor how the snapshot's status goes, only that a file is named after its
 * snapshot: so the export is whole once the snapshot is `available` again, and for a while no file has come. S3 shows a file when all of it is there.
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ExportServerlessCacheSnapshot.html
 */
import { ExportServerlessCacheSnapshotCommand } from '@aws-sdk/client-elasticache';
import { providerFault } from '#domain/faults.ts';
import { elasticache } from '#platform/clients/elasticache.ts';
import { filesOf } from './export-files.ts';
import type { FormExports } from './export-nodes.ts';
import { shownSnapshot } from './serverless.ts';

const quietMs = 600_000;

export const serverlessExports: FormExports = {
  look: async (name, bucket) => {
    const [snapshot, written] = await Promise.all([shownSnapshot(name), filesOf(name, bucket)]);
    const files = written.map(({ file }) => file);
    if (snapshot === undefined) {
      throw providerFault(
        `The snapshot ${name} is gone; of its files ${files.length} are there, and nobody knows of how many.`,
      );
    }
    const isAvailable = snapshot.Status?.toLowerCase() === 'available';
    const lastMs = Math.max(0, ...written.map(({ writtenMs }) => writtenMs));
    const isQuiet = Date.now() - lastMs >= quietMs;
    // While files come they are on their way, whatever the snapshot says.
    return { files, isWhole: isAvailable && files.length > 0 && isQuiet, isBusy: !isAvailable || files.length > 0 };
  },
  begin: async (name, bucket) => {
    const names = { ServerlessCacheSnapshotName: name, S3BucketName: bucket };
    await elasticache().send(new ExportServerlessCacheSnapshotCommand(names));
  },
  line: (name, bucket) =>
    `aws elasticache export-serverless-cache-snapshot --serverless-cache-snapshot-name ${name} --s3-bucket-name ${bucket}`,
};
