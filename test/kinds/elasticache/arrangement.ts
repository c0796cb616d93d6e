import type { Region } from '#simulator/region.ts';
import { type Arrangement, type Arrangements, queryCodes } from '../../conformance/arrangement.ts';

const nodeOperations = {
  ...{ create: 'CreateSnapshot', describe: 'DescribeSnapshots', remove: 'DeleteSnapshot' },
};

const shared = { service: 'elasticache', codes: queryCodes };
const member = (resource: string) => ({ kind: 'elasticache', resource, tier: 1 }) as const;

/** What somebody else may do to a cache; statuses of such are plain fields. */
function setStatus(cache: { status: string } | undefined, status: string): void {
  if (cache === undefined) throw new Error('nothing was launched');
  cache.status = status;
}

const group = ({ services }: Region) => services.elasticache.world.groups.get('orders');

const clusterModeGroup: Arrangement = {
  ...shared,
  member: member('replicationgroup:orders'),
  operations: { look: 'DescribeReplicationGroups', ...nodeOperations },
  launch: ({ services }) => services.elasticache.world.launchGroup({ name: 'orders' }),
  makeBusy: (region) => setStatus(group(region), 'modifying'),
  breakDown: (region) => setStatus(group(region), 'create-failed'),
  nextSnapshotFails: ({ services }) => services.elasticache.arrange.nextSnapshotFails(),
  snapshots: ({ services }) => services.elasticache.world.snapshots,
};

/** Its snapshots are of one of its nodes. */
const plainGroup: Arrangement = {
  ...clusterModeGroup,
  member: member('replicationgroup:single'),
  launch: ({ services }) => services.elasticache.world.launchGroup({ name: 'single', clusterMode: false }),
  makeBusy: ({ services }) => setStatus(services.elasticache.world.nodes.get('single-001'), 'snapshotting'),
  breakDown: ({ services }) => setStatus(services.elasticache.world.groups.get('single'), 'deleting'),
};

const cluster = ({ services }: Region) => services.elasticache.world.nodes.get('orders');

const cacheCluster: Arrangement = {
  ...clusterModeGroup,
  member: member('cluster:orders'),
  operations: { look: 'DescribeCacheClusters', ...nodeOperations },
  launch: ({ services }) => services.elasticache.world.launchCluster({ name: 'orders' }),
  makeBusy: (region) => setStatus(cluster(region), 'rebooting cluster nodes'),
  breakDown: (region) => setStatus(cluster(region), 'incompatible-network'),
};

const serverlessCache = ({ services }: Region) => services.elasticache.world.serverlessCaches.get('orders');

const serverless: Arrangement = {
  ...shared,
  member: member('serverlesscache:orders'),
  operations: {
    ...{ look: 'DescribeServerlessCaches', create: 'CreateServerlessCacheSnapshot' },
    ...{ describe: 'DescribeServerlessCacheSnapshots', remove: 'DeleteServerlessCacheSnapshot' },
  },
  launch: ({ services }) => services.elasticache.world.launchServerless({ name: 'orders' }),
  makeBusy: (region) => setStatus(serverlessCache(region), 'MODIFYING'),
  breakDown: (region) => setStatus(serverlessCache(region), 'CREATE-FAILED'),
  nextSnapshotFails: ({ services }) => services.elasticache.arrange.serverless.nextSnapshotFails(),
  snapshots: ({ services }) => services.elasticache.world.serverlessSnapshots,
};

export const arrangements: Arrangements = {
  'elasticache: group in cluster mode': clusterModeGroup,
  'elasticache: group of one shard': plainGroup,
  'elasticache: cluster': cacheCluster,
  'elasticache: serverless': serverless,
};
