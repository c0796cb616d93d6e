import { type Arrangement, type Arrangements, queryCodes } from '../../conformance/arrangement.ts';

const resource = 'orders';

export const arrangement: Arrangement = {
  member: { kind: 'rds', resource, tier: 1 },
  service: 'rds',
  operations: {
    ...{ look: 'DescribeDBInstances', create: 'CreateDBSnapshot' },
    ...{ describe: 'DescribeDBSnapshots', remove: 'DeleteDBSnapshot' },
  },
  codes: queryCodes,
  launch: ({ services }) => services.rds.world.launch({ name: resource }),
  makeBusy: ({ services }) => services.rds.arrange.setStatus(resource, 'backing-up'),
  breakDown: ({ services }) => services.rds.arrange.setStatus(resource, 'incompatible-parameters'),
  nextSnapshotFails: ({ services }) => services.rds.arrange.nextSnapshotFails(),
  snapshots: ({ services }) => services.rds.world.snapshots,
};

export const arrangements: Arrangements = { rds: arrangement };
