import type { Arrangement, Arrangements } from '../../conformance/arrangement.ts';

const resource = 'bears';

const arrangement: Arrangement = {
  member: { kind: 'toy-store', resource, tier: 1, street: 'High Street' },
  service: 'toystore',
  operations: {
    ...{ look: 'DescribeStore', create: 'CreateSnapshot', describe: 'DescribeSnapshot', remove: 'DeleteSnapshot' },
  },
  codes: { throttled: 'ThrottlingException', denied: 'AccessDeniedException' },
  launch: ({ services }) => services.toystore.world.launch(resource, 'a bear'),
  makeBusy: ({ services }) => services.toystore.arrange.setStatus(resource, 'stocktaking'),
  breakDown: ({ services }) => services.toystore.arrange.setStatus(resource, 'closed'),
  nextSnapshotFails: ({ services }) => services.toystore.arrange.nextSnapshotFails(),
  snapshots: ({ services }) => services.toystore.world.snapshots,
};

export const arrangements: Arrangements = { 'toy-store': arrangement };
