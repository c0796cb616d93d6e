import type * as Backup from '@aws-sdk/client-backup';
import type { Lifecycle } from './points.ts';
import type { Source } from './sources.ts';

export type JobEnd = 'FAILED' | 'EXPIRED' | 'PARTIAL' | 'issues' | 'never';

export interface Job {
  readonly id: string;
  readonly vault: string;
  readonly source: Source;
  readonly roleArn: string;
  readonly createdMs: number;
  readonly startWindowMs: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly end: JobEnd | undefined;
  readonly lifecycle?: Lifecycle;
  readonly createdBy?: Backup.RecoveryPointCreator;
  state: Backup.BackupJobState;
  percent: number;
  endedMs?: number;
  category?: string;
  message?: string;
  pointArn?: string;
}

export const startBy = ({ createdMs, startWindowMs }: Job): Date => new Date(createdMs + startWindowMs);

export const isOver = ({ state }: Job): boolean => !['CREATED', 'PENDING', 'RUNNING', 'ABORTING'].includes(state);

/** As DescribeBackupJob and ListBackupJobs have it. */
export const shownJob = (job: Job, vaultArn: (vault: string) => string): Backup.BackupJob => ({
  BackupJobId: job.id,
  BackupVaultName: job.vault,
  BackupVaultArn: vaultArn(job.vault),
  ResourceArn: job.source.arn,
  ResourceType: job.source.type,
  IamRoleArn: job.roleArn,
  CreationDate: new Date(job.createdMs),
  State: job.state,
  StartBy: startBy(job),
  PercentDone: job.percent.toFixed(1),
  ...(job.createdBy === undefined ? {} : { CreatedBy: job.createdBy }),
  ...(job.endedMs === undefined ? {} : { CompletionDate: new Date(job.endedMs) }),
  ...(job.category === undefined ? {} : { MessageCategory: job.category }),
  ...(job.message === undefined ? {} : { StatusMessage: job.message }),
  ...(job.pointArn !== undefined && (job.source.isFullyManaged || job.state === 'COMPLETED')
    ? { RecoveryPointArn: job.pointArn }
    : {}),
});
