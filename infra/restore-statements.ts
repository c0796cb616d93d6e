/** What AWS Backup may do in the role in which it restores: what the kinds of the policy's members say, and what it does with keys. */
import type { ManagedMember } from '#domain/policy.ts';
import { rightsToRestore, type Statement } from '#providers/permissions.ts';

/** Also those of other accounts. */
const anyKey = ['arn:${partition}:kms:${region}:*:key/*'];
const keyStatements = (services: readonly string[]): readonly Statement[] => [
  { actions: ['kms:DescribeKey'], resources: anyKey },
  { actions: ['kms:CreateGrant'], resources: anyKey, conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } } },
  {
    actions: [
      'kms:Decrypt',
      'kms:Encrypt',
      'kms:GenerateDataKey',
      'kms:GenerateDataKeyWithoutPlaintext',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
    ],
    resources: anyKey,
    conditions: {
      StringLike: {
        'kms:ViaService': services.map((service) => `${service}.*.amazonaws.com`),
      },
    },
  },
];

/** @param members that AWS Backup copies */
export function restoreStatements(members: readonly ManagedMember[]): readonly Statement[] {
  const rights = rightsToRestore(members);
  return [
    ...rights.flatMap(({ statements }) => statements),
    ...keyStatements(rights.flatMap(({ services }) => services)),
  ];
}
