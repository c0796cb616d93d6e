import type { MemberInput } from '../member-input.ts';

export const example: MemberInput<'elasticache'> = {
  kind: 'elasticache',
  resource: 'replicationgroup:sessions',
  automatic: { retentionDays: 7 },
  export: { bucket: 'cache-files' },
  seed: { bucket: 'cache-seeds' },
};
