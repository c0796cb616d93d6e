import type { MemberInput } from '../member-input.ts';

export const example: MemberInput<'aurora'> = { kind: 'aurora', resource: 'cases' };
