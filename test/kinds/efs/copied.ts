import type { CopiedArrangement } from '../../conformance/copied-arrangement.ts';

const resource = 'fs-0a1b2c3d';

export const copied: CopiedArrangement = {
  member: { kind: 'efs', resource, tier: 1 },
  launch: ({ services }) => services.efs.world.create({ id: resource, files: { '/one': '1' } }),
};
