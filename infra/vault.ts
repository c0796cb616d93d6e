import { Aws, Fn, RemovalPolicy } from 'aws-cdk-lib';
import { CfnBackupVault } from 'aws-cdk-lib/aws-backup';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { VaultLock } from '#domain/backup-plan.ts';

export interface Vault {
  readonly vault: CfnBackupVault;
  readonly key: Key;
}

/** A vault of AWS Backup with a key of its own. Both outlive their stack: deleting it by accident must not delete what is in it. Of a first deployment that fails nothing stays. */
export function addVault(scope: Construct, name: string, lock?: VaultLock): Vault {
  const key = new Key(scope, 'Key', {
    description: `Encrypts what AWS Backup copies for Holdfast (${name})`,
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  const vault = new CfnBackupVault(scope, 'Vault', {
    backupVaultName: `holdfast-${name}-${stackMark()}`,
    encryptionKeyArn: key.keyArn,
    ...(lock === undefined ? {} : { lockConfiguration: lockConfiguration(lock) }),
  });
  vault.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  return { vault, key };
}

export const arnOf = ({ vault }: Vault): string => vault.attrBackupVaultArn;

/**
 * The first eight characters of the stack's own id: CloudFormation makes no names for vaults, and a stack that is deployed anew must not meet
 * the old one's.
 */
const stackMark = (): string => Fn.select(0, Fn.split('-', Fn.select(2, Fn.split('/', Aws.STACK_ID))));

const lockConfiguration = ({ minDays, maxDays, changeableDays }: VaultLock) => ({
  minRetentionDays: minDays,
  ...(maxDays === undefined ? {} : { maxRetentionDays: maxDays }),
  ...(changeableDays === undefined ? {} : { changeableForDays: changeableDays }),
});

/** For a role in which AWS Backup copies. https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html */
export const keyStatements = ({ keyArn }: Key): readonly PolicyStatement[] => [
  new PolicyStatement({ actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'], resources: [keyArn] }),
  new PolicyStatement({
    actions: ['kms:CreateGrant'],
    resources: [keyArn],
    conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
  }),
];
