import type { Arrangement, Arrangements } from '../../conformance/arrangement.ts';

const resource = 'evidence';

export const arrangement: Arrangement = {
  member: { kind: 'opensearch', resource, repository: 'nightly', tier: 1 },
  service: 'es',
  operations: { look: 'DescribeDomain', create: 'ESHttpPut', describe: 'ESHttpGet', remove: 'ESHttpDelete' },
  codes: { throttled: 'ThrottlingException', denied: 'AccessDeniedException' },
  launch: ({ services }) =>
    services.opensearch.world.launch({ name: resource, indices: { cases: ['case 1'], people: ['person 1'] } }),
  makeBusy: ({ services }) => services.opensearch.arrange.automatedSnapshotBegins(resource),
  breakDown: ({ services }) => services.opensearch.arrange.setStatus(resource, 'Isolated'),
  nextSnapshotFails: ({ services }) => services.opensearch.arrange.nextSnapshotEndsAs('FAILED'),
  isUntagged: true,
  isUnlisted: true,
  snapshots: ({ services }) => services.opensearch.world.snapshots,
};

export const arrangements: Arrangements = { opensearch: arrangement };
