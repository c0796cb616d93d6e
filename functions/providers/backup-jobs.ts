/**
 * On-demand jobs of AWS Backup, which are never continuous: asked for, found again, read, ended.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/API_StartBackupJob.html
 */
import {
  type BackupJob,
  DescribeBackupJobCommand,
  paginateListBackupJobs,
  StartBackupJobCommand,
  StopBackupJobCommand,
} from '@aws-sdk/client-backup';
import type { Artifact } from '#domain/artifact.ts';
import type { Cut } from '#domain/cut.ts';
import type { PlannedMember } from '#domain/run.ts';
import { tagKeys } from '#domain/tags.ts';
import { unlessCalled } from '#platform/aws-errors.ts';
import { backup } from '#platform/clients/backup.ts';
import { environment } from '#platform/environment.ts';
import type { Snapshot } from './named-snapshots.ts';
import { promised } from './promised.ts';
import type { Tags } from './tag-list.ts';

/** In so many minutes a job must have begun: the least that AWS Backup takes. */
const startWindowMinutes = 60;
/** And in so many it must be complete: as long as a window may be, and the time to begin. Holdfast ends it with its window, which is sooner. */
const completeWindowMinutes = 9 * 60;

/**
 * No lifecycle is given: how long a point is kept is decided by the workload's retention, which knows which one is the last.
 * @param token with the same again AWS Backup answers for the same job
 */
export async function startJob(token: string, { detail }: PlannedMember, tags: Tags): Promise<Snapshot> {
  // A recovery point has ten tags at most, and knows its resource by itself.
  const { [tagKeys.source]: _, ...kept } = tags;
  const vault = environment.vault();
  const command = new StartBackupJobCommand({
    BackupVaultName: vault,
    ResourceArn: textOf(detail.resourceArn),
    IamRoleArn: environment.backupRole(),
    IdempotencyToken: token,
    StartWindowMinutes: startWindowMinutes,
    CompleteWindowMinutes: completeWindowMinutes,
    RecoveryPointTags: kept,
  });
  const { BackupJobId, CreationDate, RecoveryPointArn } = await backup().send(command);
  const id = promised(BackupJobId, 'the id of the backup job');
  return seen({ BackupJobId: id, CreationDate, RecoveryPointArn, BackupVaultName: vault, State: 'CREATED' });
}

/** Undefined: AWS Backup knows no such job, or no longer. */
export const jobOf = (id: string): Promise<BackupJob | undefined> =>
  backup()
    .send(new DescribeBackupJobCommand({ BackupJobId: id }))
    .catch(unlessCalled('ResourceNotFoundException'));

/** @returns those of the last 30 days, in whichever vault; AWS Backup lists no older ones */
export async function jobsOf(resourceArn: string): Promise<readonly BackupJob[]> {
  const jobs: BackupJob[] = [];
  const pages = paginateListBackupJobs({ client: backup() }, { ByResourceArn: resourceArn, MaxResults: 1000 });
  for await (const page of pages) jobs.push(...(page.BackupJobs ?? []));
  return jobs;
}

/** Fine when it has ended. */
export async function stopJob(id: string): Promise<void> {
  await backup()
    .send(new StopBackupJobCommand({ BackupJobId: id }))
    .catch(unlessCalled('InvalidRequestException', 'InvalidParameterValueException', 'ResourceNotFoundException'));
}

export const isUnderWay = ({ State }: BackupJob): boolean =>
  ['CREATED', 'PENDING', 'RUNNING', 'ABORTING'].includes(State ?? '');

/** A job as the snapshot that it makes. */
export function seen(job: BackupJob): Snapshot {
  const { BackupJobId = '', PercentDone, CreationDate, RecoveryPointArn, BackupVaultName } = job;
  const state = stateOf(job);
  return {
    id: BackupJobId,
    state,
    ...(PercentDone === undefined ? {} : { progress: `${PercentDone}%` }),
    ...(state === 'error' ? { problem: problemOf(job) } : {}),
    startedAt: promised(CreationDate, 'the time of the backup job').toISOString(),
    cut: cutOf(job, state),
    detail: {
      ...(BackupVaultName === undefined ? {} : { vault: BackupVaultName }),
      ...(RecoveryPointArn === undefined ? {} : { recoveryPointArn: RecoveryPointArn }),
    },
  };
}

/** COMPLETED is not enough: the console calls a job of another category than SUCCESS "completed with issues". */
function stateOf(job: BackupJob): Artifact['state'] {
  const { State, MessageCategory = 'SUCCESS' } = job;
  if (State === 'COMPLETED' && MessageCategory === 'SUCCESS') return 'completed';
  return isUnderWay(job) && State !== 'ABORTING' ? 'pending' : 'error';
}

const problemOf = ({ State, MessageCategory, StatusMessage }: BackupJob): string =>
  `AWS Backup reports the job ${State}${MessageCategory === undefined ? '' : ` (${MessageCategory})`}: ${StatusMessage ?? 'no reason given'}`;

/** What is copied is read at any time while the job goes on. */
function cutOf({ CreationDate, CompletionDate }: BackupJob, state: Artifact['state']): Cut {
  const lower = promised(CreationDate, 'the time of the backup job').toISOString();
  const isFixed = state === 'completed' && CompletionDate !== undefined;
  return isFixed ? { lower, upper: CompletionDate.toISOString() } : { lower };
}

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
