import type { CopiedArrangement } from '../../conformance/copied-arrangement.ts';

const resource = 'arn:aws:s3:::invoices';

export const copied: CopiedArrangement = {
  member: { kind: 'aws-backup', resource, tier: 1 },
  launch: ({ services }) => services.backup.world.add(resource),
};
