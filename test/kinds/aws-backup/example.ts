import type { MemberInput } from '../member-input.ts';

export const example: MemberInput<'aws-backup'> = { kind: 'aws-backup', resource: 'arn:aws:s3:::invoices' };
