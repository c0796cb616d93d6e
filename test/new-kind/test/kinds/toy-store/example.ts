import type { MemberInput } from '../member-input.ts';

export const example: MemberInput<'toy-store'> = { kind: 'toy-store', resource: 'bears', street: 'High Street' };
