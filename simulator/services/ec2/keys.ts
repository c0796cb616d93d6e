import { arn } from '../../iam/arn.ts';
import type { Ec2Context } from './context.ts';

/** The AWS managed key, which nobody can disable, where no KMS says which it is. */
const MANAGED_KEY = 'key/a05e0000-0000-4000-8000-000000000ebs';

export function defaultKeyArn(context: Ec2Context): string {
  return context.keys.managedKeyArn?.() ?? arn(context.kernel, 'kms', MANAGED_KEY);
}

/** A key as EC2 shows it: its ARN; an alias stays as it is. */
export function keyArn(context: Ec2Context, key: string): string {
  return key.startsWith('arn:') || key.startsWith('alias/') ? key : arn(context.kernel, 'kms', `key/${key}`);
}

/** A key of the customer's own, whose policies bind; undefined for none and for the AWS managed one. */
export function customerKey(context: Ec2Context, kmsKeyId: string | undefined): string | undefined {
  return kmsKeyId === undefined || kmsKeyId === defaultKeyArn(context) || kmsKeyId === 'alias/aws/ebs'
    ? undefined
    : kmsKeyId;
}

/** Why the volume's key cannot be used, in the words of EBS's events; undefined when it can. */
export function keyFailure(context: Ec2Context, volume: { readonly kmsKeyId: string | undefined }): string | undefined {
  const key = customerKey(context, volume.kmsKeyId);
  const state = key === undefined ? 'Enabled' : context.keys.keyState(key);
  switch (state) {
    case 'Enabled':
      return undefined;
    case 'Disabled':
      return `${key} is disabled.`;
    case 'PendingDeletion':
      return `${key} is pending deletion.`;
    case 'missing':
      return `${key} does not exist.`;
  }
}
