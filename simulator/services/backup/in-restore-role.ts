/**
 * What AWS Backup does in a restore job's role, in services that are not simulated: no more than whether the role may.
 * Source: AWS's managed policies AWSBackupServiceRolePolicyForRestores and AWSBackupServiceRolePolicyForS3Restore.
 */
import { arn } from '../../iam/arn.ts';
import type { Access, Kernel } from '../../kernel/service.ts';
import type { RestoreJob } from './restores.ts';

type Made = Pick<RestoreJob, 'type' | 'point' | 'metadata'> & { readonly createdArn: string };

/** Each type's decisive call, on what is read and what is made. */
export function restoreAccess(kernel: Kernel, { type, point, metadata, createdArn }: Made): readonly Access[] {
  const on = (action: string, ...resources: readonly string[]): readonly Access[] =>
    resources.map((resource) => ({ action, resource, context: {} }));
  switch (type) {
    case 'FSx':
      return on('fsx:CreateFileSystemFromBackup', point.arn, createdArn);
    case 'FSx volume': {
      const { StorageVirtualMachineId } = JSON.parse(metadata.OntapConfiguration ?? '{}');
      const machine = arn(kernel, 'fsx', `storage-virtual-machine/fs-0/${StorageVirtualMachineId}`);
      return on('fsx:CreateVolumeFromBackup', point.arn, machine, createdArn);
    }
    case 'S3':
      return [
        ...(metadata.NewBucket === 'true' ? on('s3:CreateBucket', createdArn) : []),
        ...on('s3:GetBucketVersioning', createdArn),
        ...on('s3:PutObject', `${createdArn}/key`),
      ];
    case 'EBS':
      return on('ec2:CreateVolume', point.arn, createdArn);
    default:
      return on('rds:RestoreDBClusterFromSnapshot', point.arn, createdArn);
  }
}

/** Of what is made; a new id where its type has no names. */
export function createdArnOf(kernel: Kernel, { type, point, metadata }: Omit<Made, 'createdArn'>, id: string): string {
  const { arn: source } = point.source;
  switch (type) {
    case 'FSx':
      return arn(kernel, 'fsx', `file-system/fs-${id}`);
    case 'FSx volume':
      return source.replace(/fsvol-\w+$/, `fsvol-${id}`);
    case 'S3':
      return `arn:aws:s3:::${metadata.DestinationBucketName}`;
    case 'EBS':
      return arn(kernel, 'ec2', `volume/vol-${id}`);
    default:
      return arn(kernel, 'rds', `cluster:${metadata.dbClusterIdentifier}`);
  }
}
