/** What an EBS snapshot's source looked like: all that CreateVolume and AttachVolume do not learn from the snapshot itself. */
import type { Artifact } from '#domain/artifact.ts';
import { integrityFault } from '#domain/faults.ts';

export interface EbsDetail {
  readonly instanceId: string;
  readonly volumeId: string;
  readonly device: string;
  readonly root: boolean;
  readonly availabilityZone: string;
  /** gp3, io2 … */
  readonly type: string;
  readonly sizeGib: number;
  readonly iops?: number;
  readonly throughput?: number;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string;
  readonly deleteOnTermination: boolean;
  /** The source's own, without `aws:` and `holdfast:` keys. */
  readonly tags: Readonly<Record<string, string>>;
  /** ARN. Of what AWS Backup has copied, and keeps. */
  readonly recoveryPointArn?: string;
}

/** The detail of an artifact of kind `ebs`. @throws IntegrityFault when the record is not one */
export function ebsDetail(artifact: Artifact): EbsDetail {
  const { detail } = artifact;
  if (artifact.kind === 'ebs' && isEbsDetail(detail)) return detail;
  throw integrityFault(
    `The record of ${artifact.id} lacks the settings of its volume, so it cannot be brought back as it was.`,
  );
}

/** Whether a record has them all. */
export function isEbsDetail(value: object): value is EbsDetail {
  const detail: Partial<Record<keyof EbsDetail, unknown>> = value;
  return (
    typeof detail.instanceId === 'string' &&
    typeof detail.volumeId === 'string' &&
    typeof detail.device === 'string' &&
    typeof detail.availabilityZone === 'string' &&
    typeof detail.type === 'string' &&
    typeof detail.sizeGib === 'number' &&
    typeof detail.root === 'boolean' &&
    typeof detail.deleteOnTermination === 'boolean' &&
    typeof detail.tags === 'object'
  );
}
