import type { MemberInput } from '../member-input.ts';

export const example: MemberInput<'dynamodb'> = { kind: 'dynamodb', resource: 'carts' };
