/**
 * What AWS Backup copies for the kind `aws-backup`, by the resource's ARN.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html
 */

export interface BackedUpType {
  /** Resource types, as AWS Backup's own settings name them; the ARN of a cluster does not say which of them it is. */
  readonly names: readonly string[];
  readonly role: 'database' | 'disk';
  /** Whether a job of it can be stopped. https://docs.aws.amazon.com/aws-backup/latest/devguide/API_StopBackupJob.html */
  readonly canBeStopped: boolean;
}

const cluster: BackedUpType = { names: ['Aurora', 'DocumentDB', 'Neptune'], role: 'database', canBeStopped: false };
const fsx: BackedUpType = { names: ['FSx'], role: 'disk', canBeStopped: false };
const bucket: BackedUpType = { names: ['S3'], role: 'disk', canBeStopped: true };
const gatewayVolume: BackedUpType = { names: ['Storage Gateway'], role: 'disk', canBeStopped: true };

const types: readonly (readonly [RegExp, BackedUpType])[] = [
  [/^arn:[\w-]+:rds:[\w-]+:\d{12}:cluster:[a-z][a-z0-9-]*$/, cluster],
  [/^arn:[\w-]+:fsx:[\w-]+:\d{12}:(file-system\/fs-[0-9a-f]+|volume\/fs-[0-9a-f]+\/fsvol-[0-9a-f]+)$/, fsx],
  [/^arn:[\w-]+:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, bucket],
  [/^arn:[\w-]+:storagegateway:[\w-]+:\d{12}:gateway\/sgw-[0-9A-F]+\/volume\/vol-[0-9A-Fa-f]+$/, gatewayVolume],
];

/** Undefined: not one that the kind `aws-backup` is for. */
export const backedUpType = (arn: string): BackedUpType | undefined =>
  types.find(([pattern]) => pattern.test(arn))?.[1];
