import type * as Backup from '@aws-sdk/client-backup';
import { arn } from '../../iam/arn.ts';
import { ApiError } from '../../kernel/service.ts';
import type { BackupContext } from './backup.ts';
import { toldOf } from './restore-metadata.ts';
import type { Source } from './sources.ts';

export interface RecoveryPoint {
  readonly arn: string;
  readonly vault: string;
  readonly source: Source;
  readonly createdMs: number;
  readonly tags: Map<string, string>;
  /** By path, as it was read. */
  readonly content: ReadonlyMap<string, string>;
  status: Backup.RecoveryPointStatus;
}

export type Points = ReturnType<typeof createPoints>;

interface Opened extends Pick<RecoveryPoint, 'vault' | 'source' | 'createdMs' | 'content'> {
  readonly tags: Readonly<Record<string, string>>;
}

const deletionMs = 180_000;
/** https://docs.aws.amazon.com/aws-backup/latest/devguide/aws-backup-limits.html */
const mostTags = 10;

export function createPoints({ kernel, requireVault }: BackupContext) {
  const all = new Map<string, RecoveryPoint>();
  let failsToDelete = false;

  const named = (pointArn: string | undefined): RecoveryPoint => {
    const found = all.get(pointArn ?? '');
    if (found === undefined) throw new ApiError('ResourceNotFoundException', `Recovery point ${pointArn} not found.`);
    return found;
  };
  const shown = (point: RecoveryPoint) => ({
    RecoveryPointArn: point.arn,
    BackupVaultName: point.vault,
    ResourceArn: point.source.arn,
    ResourceType: point.source.type,
    CreationDate: new Date(point.createdMs),
    Status: point.status,
  });
  const remove = ({ BackupVaultName, RecoveryPointArn }: Backup.DeleteRecoveryPointInput): void => {
    requireVault(BackupVaultName);
    const point = named(RecoveryPointArn);
    point.status = failsToDelete ? 'EXPIRED' : 'DELETING';
    if (!failsToDelete) kernel.clock.at(kernel.clock.nowMs() + deletionMs, () => void all.delete(point.arn));
    failsToDelete = false;
  };
  const tag = ({ ResourceArn, Tags = {} }: Backup.TagResourceInput): void => {
    const { tags } = named(ResourceArn);
    const after = new Map([...tags, ...Object.entries(Tags)]);
    if (after.size > mostTags) throw new ApiError('LimitExceededException', `More than ${mostTags} tags.`);
    for (const [key, value] of after) tags.set(key, value);
  };

  return {
    all,
    arnFor: ({ type }: Source, mark: string): string => {
      if (type === 'EFS' || type === 'S3') return arn(kernel, 'backup', `recovery-point:${mark}`);
      if (type === 'Storage Gateway') return arn(kernel, 'ec2', `snapshot/snap-${mark}`);
      if (type === 'FSx') return arn(kernel, 'fsx', `backup/backup-${mark}`);
      return arn(kernel, 'rds', `cluster-snapshot:awsbackup:job-${mark}`);
    },
    open: (pointArn: string, { tags, ...opened }: Opened): void => {
      all.set(pointArn, { arn: pointArn, ...opened, tags: new Map(Object.entries(tags)), status: 'CREATING' });
    },
    complete: (pointArn: string, status: 'COMPLETED' | 'PARTIAL'): void => {
      named(pointArn).status = status;
    },
    drop: (pointArn: string) => void all.delete(pointArn),
    named,
    tagsOf: (pointArn: string) => all.get(pointArn)?.tags,
    arrange: {
      forgetPoints: () => all.clear(),
      nextDeletionFails: () => {
        failsToDelete = true;
      },
    },
    operations: {
      DescribeRecoveryPoint: ({ RecoveryPointArn }: Backup.DescribeRecoveryPointInput) =>
        shown(named(RecoveryPointArn)),
      DeleteRecoveryPoint: remove,
      ListRecoveryPointsByBackupVault: ({ BackupVaultName }: Backup.ListRecoveryPointsByBackupVaultInput) => ({
        RecoveryPoints: [...all.values()].filter(({ vault }) => vault === requireVault(BackupVaultName)).map(shown),
      }),
      GetRecoveryPointRestoreMetadata: ({
        RecoveryPointArn,
      }: Backup.GetRecoveryPointRestoreMetadataInput): Backup.GetRecoveryPointRestoreMetadataOutput => {
        const { source } = named(RecoveryPointArn);
        return { RecoveryPointArn, ResourceType: source.type, RestoreMetadata: toldOf(source) };
      },
      ListTags: ({ ResourceArn }: Backup.ListTagsInput) => ({ Tags: Object.fromEntries(named(ResourceArn).tags) }),
      TagResource: tag,
    },
  };
}
