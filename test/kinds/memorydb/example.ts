import type { MemberInput } from '../member-input.ts';

export const example: MemberInput<'memorydb'> = {
  ...{ kind: 'memorydb', resource: 'aggregation', automatic: { retentionDays: 7 } },
  cname: { zone: 'Z0INTERNAL', name: 'aggregation.internal.example.com' },
};
