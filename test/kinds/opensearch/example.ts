import type { MemberInput } from '../member-input.ts';

export const example: MemberInput<'opensearch'> = {
  ...{ kind: 'opensearch', resource: 'evidence', repository: 'nightly' },
  network: { subnets: ['subnet-0a1b2c3d4e5f60718'], securityGroups: ['sg-0a1b2c3d4e5f60718'] },
};
