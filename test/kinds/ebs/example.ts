import type { MemberInput } from '../member-input.ts';

export const example: MemberInput<'ebs'> = { kind: 'ebs', instance: { tags: { Name: 'disks' } }, volumes: 'data' };
