import { CopyServerlessCacheSnapshotCommand, CopySnapshotCommand } from '@aws-sdk/client-elasticache';
import { checkedCacheName } from '#domain/cache-name.ts';
import { unlessCalled } from '#platform/aws-errors.ts';
import { elasticache } from '#platform/clients/elasticache.ts';
import { cacheCopies } from '../cache-copies.ts';
import { nodeSnapshots } from './node-snapshots.ts';
import { shownSnapshot } from './serverless.ts';

const isServerless = (resource: string): boolean => checkedCacheName(resource).form === 'serverlesscache';

export const copies = cacheCopies({
  kind: 'elasticache',
  status: async (name, resource) => {
    if (isServerless(resource)) return (await shownSnapshot(name))?.Status;
    const found = await nodeSnapshots({ SnapshotName: name }).catch(unlessCalled('SnapshotNotFoundFault'));
    return found?.[0]?.SnapshotStatus;
  },
  copy: async ({ resource, from, to, key, tags: Tags }) => {
    const order = { KmsKeyId: key, Tags };
    if (isServerless(resource)) {
      const names = { SourceServerlessCacheSnapshotName: from, TargetServerlessCacheSnapshotName: to };
      await elasticache().send(new CopyServerlessCacheSnapshotCommand({ ...names, ...order }));
    } else {
      const names = { SourceSnapshotName: from, TargetSnapshotName: to };
      await elasticache().send(new CopySnapshotCommand({ ...names, ...order }));
    }
  },
  line: ({ resource, from, to, key }) =>
    isServerless(resource)
      ? `aws elasticache copy-serverless-cache-snapshot --source-serverless-cache-snapshot-name ${from} --target-serverless-cache-snapshot-name ${to} --kms-key-id ${key}`
      : `aws elasticache copy-snapshot --source-snapshot-name ${from} --target-snapshot-name ${to} --kms-key-id ${key}`,
});
