import { type Arrangement, type Arrangements, queryCodes } from '../../conformance/arrangement.ts';

const resource = 'orders';

export const arrangement: Arrangement = {
  member: { kind: 'aurora', resource, tier: 1 },
  service: 'rds',
  operations: {
    ...{ look: 'DescribeDBClusters', create: 'CreateDBClusterSnapshot' },
    ...{ describe: 'DescribeDBClusterSnapshots', remove: 'DeleteDBClusterSnapshot' },
  },
  codes: queryCodes,
  launch: ({ services }) => services.rds.world.launchCluster({ name: resource }),
  makeBusy: ({ services }) => services.rds.arrange.setClusterStatus(resource, 'backing-up'),
  breakDown: ({ services }) => services.rds.arrange.setClusterStatus(resource, 'inaccessible-encryption-credentials'),
  nextSnapshotFails: ({ services }) => services.rds.arrange.nextClusterSnapshotFails(),
  snapshots: ({ services }) => services.rds.world.clusterSnapshots,
};

export const arrangements: Arrangements = { aurora: arrangement };
