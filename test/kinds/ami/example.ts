import type { MemberInput } from '../member-input.ts';

export const example: MemberInput<'ami'> = { kind: 'ami', instance: { tags: { Name: 'machines' } }, role: 'machine' };
