/**
 * What a restore by AWS Backup needs, or may be told, beyond what AWS Backup knows of the resource: typed in the policy, by type of the resource.
 * Imported by deploy-time code only (zod). https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-a-backup.html
 */
import { z } from 'zod';
import { resourceId, securityGroups, subnets } from '../../policy-fields.ts';
import type { RestoreChoice } from './settings.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const bucket = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    'A bucket is named with lower case letters, digits, dots and hyphens, 3 to 63 of them.',
  );

const groupName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,254}$/,
    'A group is named with letters, digits, spaces and . _ -, at most 255 of them.',
  );

export const restoreChoice = z
  .strictObject({
    subnets: subnets.optional().describe('Of a file system of FSx: its subnets, the preferred one first.'),
    securityGroups: securityGroups
      .optional()
      .describe('Of a file system of FSx or a cluster: its security groups. Default: those that AWS Backup knows.'),
    activeDirectory: resourceId('d', 'd-0a1b2c3d4e')
      .optional()
      .describe('Of a file system of FSx for Windows: the directory of AWS that it joins.'),
    storageVirtualMachine: resourceId('svm', 'svm-0a1b2c3d4e5f60718')
      .optional()
      .describe('Of a volume of FSx for ONTAP: the storage virtual machine that gets the new one.'),
    sizeMegabytes: z.int().min(20).optional().describe('Of such a volume: its size, as large as it was at least.'),
    engine: z
      .enum(['aurora-mysql', 'aurora-postgresql'])
      .optional()
      .describe('Of a cluster of Aurora. Default: the one that AWS Backup knows.'),
    subnetGroup: groupName.optional().describe('Of a cluster. Default: the one that AWS Backup knows.'),
    parameterGroup: groupName.optional().describe('Of a cluster. Default: the one that AWS Backup knows.'),
    bucket: bucket
      .optional()
      .describe(
        'Of a bucket: one that exists, with versioning, and gets the objects; what is in it is not replaced. Default: a new one.',
      ),
    zone: z
      .string()
      .regex(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, 'An availability zone looks like eu-west-1a.')
      .optional()
      .describe('Of a volume of a Storage Gateway: the availability zone of the EBS volume that it is restored as.'),
  })
  .optional()
  .describe('What AWS Backup needs to know for a restore beside what it knows of the resource; by its type.');

type Key = keyof RestoreChoice;

const choices: readonly (readonly [ofArn: RegExp, what: string, keys: readonly Key[]])[] = [
  [/:rds:/, 'a cluster', ['engine', 'subnetGroup', 'securityGroups', 'parameterGroup']],
  [/:volume\/fs-/, 'a volume of FSx', ['storageVirtualMachine', 'sizeMegabytes']],
  [/:fsx:/, 'a file system of FSx', ['subnets', 'securityGroups', 'activeDirectory']],
  [/:s3:::/, 'a bucket', ['bucket']],
  [/:storagegateway:/, 'a volume of a Storage Gateway', ['zone']],
];

interface Restored {
  readonly resource: string;
  readonly restore?: RestoreChoice | undefined;
}

/** Adds an issue for what the resource's type has no use for, and for a bucket that would get what it has had. */
export function checkRestoreChoice({ resource, restore = {} }: Restored, context: z.RefinementCtx): void {
  const [, what = '', allowed = []] = choices.find(([ofArn]) => ofArn.test(resource)) ?? [];
  const add = (key: string, message: string) => context.addIssue({ code: 'custom', path: ['restore', key], message });
  for (const key of Object.keys(restore).filter((each) => !allowed.some((known) => known === each))) {
    add(key, `It says nothing of ${what}, of which a policy may say ${allowed.join(', ')}.`);
  }
  if (restore.bucket !== undefined && resource.endsWith(`:::${restore.bucket}`)) {
    add('bucket', 'A recovery never writes over what is there: name another bucket, or none.');
  }
}
