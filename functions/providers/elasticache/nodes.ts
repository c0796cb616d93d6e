/**
 * Replication groups and clusters of nodes. https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateSnapshot.html
 */
import { CreateSnapshotCommand, DeleteSnapshotCommand, DescribeSnapshotsCommand } from '@aws-sdk/client-elasticache';
import type { CacheName } from '#domain/cache-name.ts';
import { unlessCalled } from '#platform/aws-errors.ts';
import { elasticache } from '#platform/clients/elasticache.ts';
import { promised } from '../promised.ts';
import { tagList } from '../tag-list.ts';
import { clusterNamed, lookAtCluster } from './look-at-cluster.ts';
import { groupNamed, lookAtGroup } from './look-at-group.ts';
import { nodeSnapshots, seen } from './node-snapshots.ts';
import type { FormCalls } from './snapshots.ts';

export const nodes: FormCalls = {
  look: (member, { form, name }) => (form === 'cluster' ? lookAtCluster(member, name) : lookAtGroup(member, name)),
  statusOf: async ({ form, name }) =>
    form === 'cluster' ? (await clusterNamed(name))?.CacheClusterStatus : (await groupNamed(name))?.Status,
  create: async (name, cache, settings, tags) => {
    const source = sourceOf(cache, settings);
    const command = new CreateSnapshotCommand({ ...source, SnapshotName: name, Tags: tagList(tags) });
    const { Snapshot } = await elasticache().send(command);
    return seen(promised(Snapshot, `the snapshot ${name}`));
  },
  named: async (name) => {
    const found = await elasticache()
      .send(new DescribeSnapshotsCommand({ SnapshotName: name }))
      .catch(unlessCalled('SnapshotNotFoundFault'));
    const snapshot = found?.Snapshots?.[0];
    return snapshot && seen(snapshot);
  },
  remove: async (name) => {
    await elasticache()
      .send(new DeleteSnapshotCommand({ SnapshotName: name }))
      .catch(unlessCalled('SnapshotNotFoundFault'));
  },
  all: async () => (await nodeSnapshots({ SnapshotSource: 'user' })).map(seen),
};

/** Of a group in cluster mode as a whole; of one without, of one of its nodes. */
const sourceOf = ({ form, name }: CacheName, { node }: Readonly<Record<string, unknown>>) =>
  form === 'replicationgroup' && typeof node !== 'string'
    ? { ReplicationGroupId: name }
    : { CacheClusterId: typeof node === 'string' ? node : name };
