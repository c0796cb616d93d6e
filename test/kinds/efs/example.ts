import type { MemberInput } from '../member-input.ts';

export const example: MemberInput<'efs'> = { kind: 'efs', resource: 'fs-0a1b2c3d4e5f60718' };
