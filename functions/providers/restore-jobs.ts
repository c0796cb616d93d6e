/**
 * Jobs by which AWS Backup restores: asked for, found again, read.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/API_StartRestoreJob.html
 */
import {
  DescribeRestoreJobCommand,
  type DescribeRestoreJobOutput,
  paginateListRestoreJobsByProtectedResource,
  StartRestoreJobCommand,
} from '@aws-sdk/client-backup';
import { transientFault } from '#domain/faults.ts';
import { codeOf, unlessCalled } from '#platform/aws-errors.ts';
import { backup } from '#platform/clients/backup.ts';
import { environment } from '#platform/environment.ts';
import { textOf } from './backup-jobs.ts';
import { promised } from './promised.ts';
import type { Resource, Settings } from './replacement/replacement-service.ts';

export type RestoreMetadata = Readonly<Record<string, string>>;

interface RestoreRequest {
  /** With the same again AWS Backup answers for the same job. */
  readonly token: string;
  /** As AWS Backup names the type: `EFS`. */
  readonly type: string;
  /** Of an artifact of AWS Backup. */
  readonly settings: Settings;
  readonly metadata: RestoreMetadata;
  /** Whether the new one gets the tags that the old one had. Default: no. */
  readonly copiesTags?: boolean;
}

/**
 * @returns the job's id
 * @throws TransientFault while as many jobs are under way as the account may have
 */
export async function startRestore({
  token,
  type,
  settings,
  metadata,
  copiesTags = false,
}: RestoreRequest): Promise<string> {
  const command = new StartRestoreJobCommand({
    RecoveryPointArn: textOf(settings.recoveryPointArn),
    IamRoleArn: environment.restoreRole(),
    IdempotencyToken: token,
    ResourceType: type,
    Metadata: { ...metadata },
    CopySourceTagsToRestoredResource: copiesTags,
  });
  const { RestoreJobId } = await backup().send(command).catch(waitForRoom);
  return promised(RestoreJobId, 'the id of the restore job');
}

function waitForRoom(error: unknown): never {
  if (codeOf(error) !== 'LimitExceededException') throw error;
  throw transientFault(`AWS Backup has as many restore jobs under way as it may: ${String(error)}`, error);
}

/** A job as what it makes. Undefined: AWS Backup knows no such job. */
export interface Restored {
  readonly state: Resource['state'];
  /** For a person: the job's state, and why. */
  readonly words: string;
  /** ARN of what it has made; of a job that is not complete: as far as it has come. */
  readonly createdArn?: string;
}

export async function restored(jobId: string): Promise<Restored | undefined> {
  const job = await jobOf(jobId);
  return job && seen(jobId, job);
}

/** Of a job that makes nothing, but puts something into what is there: whether AWS Backup names that is no matter. */
export async function restoredInside(jobId: string): Promise<Restored | undefined> {
  const found = await jobOf(jobId);
  if (found === undefined) return undefined;
  const { CreatedResourceArn = 'what was there', ...job } = found;
  const { state, words } = seen(jobId, { ...job, CreatedResourceArn });
  return { state, words };
}

const jobOf = (RestoreJobId: string): Promise<DescribeRestoreJobOutput | undefined> =>
  backup().send(new DescribeRestoreJobCommand({ RestoreJobId })).catch(unlessCalled('ResourceNotFoundException'));

/**
 * The job of a recovery whose answer never came. The lease lets one recovery of a workload in at a time, and the role is the stack's own, so whatever was
 * begun in it for this point since the recovery was planned is that.
 * @param settings with the resource, the point, and when it was planned
 */
export async function lostRestore(settings: Settings): Promise<string | undefined> {
  const ResourceArn = textOf(settings.resourceArn);
  const plannedMs = Date.parse(textOf(settings.plannedAt));
  for await (const page of paginateListRestoreJobsByProtectedResource({ client: backup() }, { ResourceArn })) {
    const found = (page.RestoreJobs ?? []).find(
      ({ RecoveryPointArn, IamRoleArn, CreationDate }) =>
        RecoveryPointArn === settings.recoveryPointArn &&
        IamRoleArn === environment.restoreRole() &&
        (CreationDate?.getTime() ?? 0) >= plannedMs,
    );
    if (found !== undefined) return found.RestoreJobId;
  }
  return undefined;
}

function seen(
  id: string,
  { Status, StatusMessage, PercentDone, CreatedResourceArn }: DescribeRestoreJobOutput,
): Restored {
  const why = StatusMessage === undefined ? '' : `: ${StatusMessage}`;
  const progress = Status === 'RUNNING' && PercentDone !== undefined ? `, ${PercentDone}` : '';
  return {
    state: stateOf(Status, CreatedResourceArn),
    words: `not restored: the restore job ${id} is ${Status}${progress}${why}`,
    ...(CreatedResourceArn === undefined ? {} : { createdArn: CreatedResourceArn }),
  };
}

function stateOf(status: string | undefined, createdArn: string | undefined): Resource['state'] {
  if (status === 'COMPLETED') return createdArn === undefined ? 'broken' : 'ready';
  return status === 'ABORTED' || status === 'FAILED' ? 'broken' : 'passing';
}
