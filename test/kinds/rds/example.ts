import type { MemberInput } from '../member-input.ts';

export const example: MemberInput<'rds'> = { kind: 'rds', resource: 'orders' };
