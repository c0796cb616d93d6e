import type { MemberInput } from '../member-input.ts';

export const example: MemberInput<'elasticache'> = {
  kind: 'elasticache',
  resource: 'replicationgroup:sessions',
  automatic: { retentionDays: 7 },
};
