import type * as Backup from '@aws-sdk/client-backup';
import { arn } from '../../iam/arn.ts';
import { ApiError, type Kernel } from '../../kernel/service.ts';
import { pageOf } from '../pages.ts';
import type { BackupContext } from './backup.ts';
import { toldOf } from './restore-metadata.ts';
import type { Source } from './sources.ts';

/** As a rule of a plan has it, in days from the point's creation. */
export interface Lifecycle {
  readonly deleteAfterDays?: number | undefined;
  readonly coldAfterDays?: number | undefined;
}

export interface RecoveryPoint {
  readonly arn: string;
  readonly vault: string;
  readonly source: Source;
  readonly createdMs: number;
  readonly tags: Map<string, string>;
  /** By path, as it was read. */
  readonly content: ReadonlyMap<string, string>;
  readonly lifecycle?: Lifecycle | undefined;
  readonly createdBy?: Backup.RecoveryPointCreator | undefined;
  completedMs?: number;
  status: Backup.RecoveryPointStatus;
}

export type Points = ReturnType<typeof createPoints>;

interface Opened extends Omit<RecoveryPoint, 'arn' | 'tags' | 'status' | 'completedMs'> {
  readonly tags: Readonly<Record<string, string>>;
}

const deletionMs = 180_000;
/** https://docs.aws.amazon.com/aws-backup/latest/devguide/aws-backup-limits.html */
const mostTags = 10;
const dayMs = 86_400_000;
/** Scheduled deletions are spread over so long. https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html */
const deletionSpreadMs = 8 * 3_600_000;
/** https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html */
const coldTypes: readonly string[] = ['DynamoDB', 'EBS', 'EFS'];

export function createPoints({ kernel, requireVault }: BackupContext) {
  const all = new Map<string, RecoveryPoint>();
  let failsToDelete = false;

  const named = (pointArn: string | undefined): RecoveryPoint => {
    const found = all.get(pointArn ?? '');
    if (found === undefined) throw new ApiError('ResourceNotFoundException', `Recovery point ${pointArn} not found.`);
    return found;
  };
  const shown = (point: RecoveryPoint) => shownAt(point, kernel.clock.nowMs());
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
    arnFor: (source: Source, mark: string) => arnFor(kernel, source, mark),
    open: (pointArn: string, { tags, ...opened }: Opened): void => {
      all.set(pointArn, { arn: pointArn, ...opened, tags: new Map(Object.entries(tags)), status: 'CREATING' });
    },
    complete: (pointArn: string, status: 'COMPLETED' | 'PARTIAL'): void => {
      const point = named(pointArn);
      point.status = status;
      point.completedMs = kernel.clock.nowMs();
      const days = point.lifecycle?.deleteAfterDays;
      if (days === undefined) return;
      const spreadMs = kernel.random.fork(pointArn).between(0, deletionSpreadMs);
      kernel.clock.at(point.createdMs + days * dayMs + spreadMs, () => void all.delete(pointArn));
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
      ListRecoveryPointsByBackupVault: (input: Backup.ListRecoveryPointsByBackupVaultInput) => {
        const { BackupVaultName, ByResourceArn, MaxResults = 1000, NextToken } = input;
        const found = [...all.values()]
          .filter(({ vault }) => vault === requireVault(BackupVaultName))
          .filter(({ source }) => source.arn === (ByResourceArn ?? source.arn))
          .map(shown);
        const page = pageOf(found, NextToken, MaxResults);
        return { RecoveryPoints: page.items, NextToken: page.next };
      },
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

/** Every type's points are of the service that keeps them. */
function arnFor(kernel: Kernel, { type }: Source, mark: string): string {
  if (type === 'EFS' || type === 'S3' || type === 'DynamoDB') return arn(kernel, 'backup', `recovery-point:${mark}`);
  if (type === 'Storage Gateway' || type === 'EBS') return arn(kernel, 'ec2', `snapshot/snap-${mark}`);
  if (type === 'EC2') return arn(kernel, 'ec2', `image/ami-${mark}`);
  if (type === 'RDS') return arn(kernel, 'rds', `snapshot:awsbackup:job-${mark}`);
  if (type === 'FSx') return arn(kernel, 'fsx', `backup/backup-${mark}`);
  return arn(kernel, 'rds', `cluster-snapshot:awsbackup:job-${mark}`);
}

const shownAt = (point: RecoveryPoint, nowMs: number) => ({
  RecoveryPointArn: point.arn,
  BackupVaultName: point.vault,
  ResourceArn: point.source.arn,
  ResourceType: point.source.type,
  CreationDate: new Date(point.createdMs),
  Status: point.status,
  ...(point.completedMs === undefined ? {} : { CompletionDate: new Date(point.completedMs) }),
  ...(point.createdBy === undefined ? {} : { CreatedBy: point.createdBy }),
  ...shownLifecycle(point, nowMs),
});

function shownLifecycle({ createdMs, lifecycle, source }: RecoveryPoint, nowMs: number) {
  if (lifecycle === undefined) return {};
  const { deleteAfterDays, coldAfterDays } = lifecycle;
  const after = (days: number | undefined) => (days === undefined ? undefined : new Date(createdMs + days * dayMs));
  const coldAt = coldTypes.includes(source.type) ? after(coldAfterDays) : undefined;
  const isCold = coldAt !== undefined && coldAt.getTime() <= nowMs;
  return {
    Lifecycle: { DeleteAfterDays: deleteAfterDays, MoveToColdStorageAfterDays: coldAfterDays },
    CalculatedLifecycle: { DeleteAt: after(deleteAfterDays), MoveToColdStorageAt: coldAt },
    StorageClass: isCold ? ('COLD' as const) : ('WARM' as const),
  };
}
