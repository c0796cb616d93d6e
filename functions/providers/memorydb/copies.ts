import { CopySnapshotCommand } from '@aws-sdk/client-memorydb';
import { memorydb } from '#platform/clients/memorydb.ts';
import { cacheCopies } from '../cache-copies.ts';
import { snapshotNamed } from './listing.ts';

export const copies = cacheCopies({
  kind: 'memorydb',
  status: async (name) => (await snapshotNamed(name))?.Status,
  copy: async ({ from, to, key, tags: Tags }) => {
    const names = { SourceSnapshotName: from, TargetSnapshotName: to };
    await memorydb().send(new CopySnapshotCommand({ ...names, KmsKeyId: key, Tags }));
  },
  line: ({ from, to, key }) =>
    `aws memorydb copy-snapshot --source-snapshot-name ${from} --target-snapshot-name ${to} --kms-key-id ${key}`,
});
