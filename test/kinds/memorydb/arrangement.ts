import type { Arrangement, Arrangements } from '../../conformance/arrangement.ts';

const resource = 'orders';

export const arrangement: Arrangement = {
  member: { kind: 'memorydb', resource, tier: 1 },
  service: 'memorydb',
  operations: {
    ...{ look: 'DescribeClusters', create: 'CreateSnapshot' },
    ...{ describe: 'DescribeSnapshots', remove: 'DeleteSnapshot' },
  },
  codes: { throttled: 'ThrottlingException', denied: 'AccessDeniedException' },
  launch: ({ services }) => services.memorydb.world.launch({ name: resource }),
  makeBusy: ({ services }) => services.memorydb.arrange.setStatus(resource, 'snapshotting'),
  breakDown: ({ services }) => services.memorydb.arrange.setStatus(resource, 'create-failed'),
  nextSnapshotFails: ({ services }) => services.memorydb.arrange.nextSnapshotFails(),
  snapshots: ({ services }) => services.memorydb.world.snapshots,
};

export const arrangements: Arrangements = { memorydb: arrangement };
