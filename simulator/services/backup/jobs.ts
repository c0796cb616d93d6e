import type * as Backup from '@aws-sdk/client-backup';
import { ApiError } from '../../kernel/service.ts';
import type { BackupContext } from './backup.ts';
import type { MachineCopies } from './machine-copies.ts';
import type { Lifecycle, Points } from './points.ts';
import type { Source, Sources } from './sources.ts';

export type JobEnd = 'FAILED' | 'EXPIRED' | 'PARTIAL' | 'issues' | 'never';

/** State, message category and message, as the API has them. */
type Ending = readonly [state: Backup.BackupJobState, category: string, message?: string];

const ends: Readonly<Record<Exclude<JobEnd, 'never'> | 'well', Ending>> = {
  well: ['COMPLETED', 'SUCCESS'],
  issues: ['COMPLETED', 'INVALIDPARAMETERS', 'Completed with issues.'],
  PARTIAL: ['PARTIAL', 'FAILURE', 'Some of it could not be copied.'],
  FAILED: ['FAILED', 'FAILURE', 'Backup job failed.'],
  EXPIRED: ['EXPIRED', 'FAILURE', 'Backup job expired before it began.'],
};

/** What a rule of a plan asks for beyond what StartBackupJob can. */
export interface Planned {
  readonly vault: string;
  readonly resourceArn: string;
  readonly roleArn: string;
  readonly startWindowMs: number;
  readonly completionWindowMs?: number | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly lifecycle: Lifecycle;
  readonly createdBy: Backup.RecoveryPointCreator;
  /** From its creation until it would begin. */
  readonly waitsMs: number;
}

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

/** From the call until the job runs, where nothing is in its way. */
const beginMs = 20_000;
/** So often is it tried again. https://docs.aws.amazon.com/aws-backup/latest/devguide/API_StartBackupJob.html */
const retryMs = 600_000;
const abortMs = 30_000;
/** So often is it looked whether a snapshot is complete. */
const lookMs = 60_000;
const startBy = ({ createdMs, startWindowMs }: Job) => new Date(createdMs + startWindowMs);
const isOver = ({ state }: Job): boolean => !['CREATED', 'PENDING', 'RUNNING', 'ABORTING'].includes(state);

/** @param copies of instances and volumes; absent: their copies are ARNs with nothing behind */
export function createJobs(
  context: BackupContext,
  points: Points,
  sources: Sources,
  initialMs: number,
  copies?: MachineCopies,
) {
  const { kernel, requireVault, vaultArn } = context;
  const { clock } = kernel;
  const all = new Map<string, Job>();
  const tokens = new Map<string, string>();
  const random = kernel.random.fork('backup');
  let jobMs = initialMs;
  let fate: JobEnd | undefined;

  const finish = (job: Job, state: Backup.BackupJobState, category: string, message?: string): void => {
    job.state = state;
    job.category = category;
    if (message !== undefined) job.message = message;
    job.endedMs = clock.nowMs();
    tell(job);
  };

  /** Of a job of nobody's plan its end alone is told. */
  const tell = (job: Job): void => {
    const { id, state, message, createdBy = {}, source, vault, endedMs } = job;
    const entries = Object.entries(createdBy).map(([key, value]) => [`${key[0]?.toLowerCase()}${key.slice(1)}`, value]);
    const detail = {
      ...{ backupJobId: id, backupVaultName: vault, backupVaultArn: vaultArn(vault), state },
      ...{ resourceArn: source.arn, resourceType: source.type, iamRoleArn: job.roleArn, percentDone: job.percent },
      ...{ creationDate: new Date(job.createdMs).toISOString(), startBy: startBy(job).toISOString() },
      ...(message === undefined ? {} : { statusMessage: `"${message}"` }),
      ...(endedMs === undefined ? {} : { completionDate: new Date(endedMs).toISOString() }),
      ...(entries.length === 0 ? {} : { createdBy: Object.fromEntries(entries) }),
    };
    kernel.emit({ source: 'aws.backup', detailType: 'Backup Job State Change', resources: [], detail });
  };

  /** It waits while another of the resource is under way, until its start window is over. */
  const begin = async (job: Job): Promise<void> => {
    if (job.state !== 'CREATED') return;
    const isTaken = [...all.values()].some((other) => other.source.arn === job.source.arn && other.state === 'RUNNING');
    if (!isTaken) return run(job);
    if (clock.nowMs() < job.createdMs + job.startWindowMs) clock.at(clock.nowMs() + retryMs, () => begin(job));
    else finish(job, 'EXPIRED', 'FAILURE', 'Backup job expired because there was a running job for the same resource.');
  };

  const run = async (job: Job): Promise<void> => {
    if (job.end === 'EXPIRED') return finish(job, ...ends.EXPIRED);
    try {
      await job.source.open(job.roleArn);
    } catch (error) {
      return finish(job, 'FAILED', 'AccessDenied', error instanceof Error ? error.message : String(error));
    }
    job.state = 'RUNNING';
    if (job.createdBy !== undefined) tell(job);
    read(job, jobMs);
    clock.at(clock.nowMs() + jobMs, () => complete(job));
  };

  /** One file after another, each as it is when its turn comes. */
  const read = (job: Job, lastsMs: number): void => {
    const paths = job.source.paths();
    const copied = new Map<string, string>();
    job.pointArn ??= copies?.take(job.source.arn, job.tags) ?? points.arnFor(job.source, random.hex(16));
    points.open(job.pointArn, {
      vault: job.vault,
      source: job.source,
      createdMs: job.createdMs,
      tags: job.tags,
      content: copied,
      lifecycle: job.lifecycle,
      createdBy: job.createdBy,
    });
    const startedMs = clock.nowMs();
    paths.forEach((path, index) => {
      clock.at(startedMs + (lastsMs * index) / paths.length, () => {
        const text = job.source.read(path);
        if (job.state !== 'RUNNING') return;
        job.percent = Math.floor((100 * index) / paths.length);
        if (text !== undefined) copied.set(path, text);
      });
    });
  };

  const complete = (job: Job): void => {
    if (job.state !== 'RUNNING') return;
    const { pointArn = '', end = 'well' } = job;
    if (end === 'never') return;
    if (end === 'well' && copies?.isComplete(pointArn) === false) {
      clock.at(clock.nowMs() + lookMs, () => complete(job));
      return;
    }
    const [state, category, message] = ends[end];
    if (state === 'COMPLETED' || state === 'PARTIAL') points.complete(pointArn, state);
    else points.drop(pointArn);
    finish(job, state, category, message);
  };

  const start = (
    input: Omit<Backup.StartBackupJobInput, 'IdempotencyToken'> & { IdempotencyToken?: string | undefined },
  ) => {
    const { ResourceArn = '', IamRoleArn = '', IdempotencyToken, StartWindowMinutes = 480 } = input;
    const known = all.get(tokens.get(IdempotencyToken ?? '') ?? '');
    const job =
      known ?? create(input.BackupVaultName, ResourceArn, IamRoleArn, StartWindowMinutes, input.RecoveryPointTags);
    if (IdempotencyToken !== undefined) tokens.set(IdempotencyToken, job.id);
    return {
      BackupJobId: job.id,
      CreationDate: new Date(job.createdMs),
      ...(job.source.isFullyManaged ? { RecoveryPointArn: job.pointArn } : {}),
    };
  };

  const create = (
    vaultName: string | undefined,
    resourceArn: string,
    roleArn: string,
    startWindowMinutes: number,
    tags: Readonly<Record<string, string>> = {},
    more: Pick<Job, 'lifecycle' | 'createdBy'> = {},
    waitsMs = beginMs,
  ): Job => {
    if (startWindowMinutes < 60)
      throw new ApiError('InvalidParameterValueException', 'StartWindowMinutes must be at least 60.');
    const source = sources.byArn(resourceArn);
    if (source === undefined) throw new ApiError('ResourceNotFoundException', `${resourceArn} does not exist.`);
    const job: Job = {
      ...{ id: random.hex(32), vault: requireVault(vaultName), source, roleArn, tags, end: fate },
      ...{ createdMs: clock.nowMs(), startWindowMs: startWindowMinutes * 60_000, state: 'CREATED', percent: 0 },
      ...more,
    };
    fate = undefined;
    if (source.isFullyManaged) job.pointArn = points.arnFor(source, random.hex(16));
    all.set(job.id, job);
    clock.at(job.createdMs + waitsMs, () => begin(job));
    return job;
  };

  /** As a rule asks for it: it waits somewhere within its start window, and is stopped with its completion window. */
  const startPlanned = (planned: Planned): void => {
    const { vault, resourceArn, roleArn, startWindowMs, completionWindowMs, tags, waitsMs, ...more } = planned;
    const job = create(vault, resourceArn, roleArn, startWindowMs / 60_000, tags, more, waitsMs);
    tell(job);
    if (completionWindowMs === undefined || !job.source.canBeStopped) return;
    clock.at(job.createdMs + completionWindowMs, () => {
      if (isOver(job)) return;
      points.drop(job.pointArn ?? '');
      finish(job, 'ABORTED', 'FAILURE', 'Backup job was not complete by the end of its completion window.');
    });
  };

  const named = (id: string | undefined): Job => {
    const found = all.get(id ?? '');
    if (found === undefined) throw new ApiError('ResourceNotFoundException', `Backup job ${id} not found.`);
    return found;
  };

  const stop = ({ BackupJobId }: Backup.StopBackupJobInput): void => {
    const job = named(BackupJobId);
    if (isOver(job)) throw new ApiError('InvalidRequestException', `The job is ${job.state} already.`);
    if (!job.source.canBeStopped)
      throw new ApiError('InvalidRequestException', `Jobs of ${job.source.type} cannot be stopped.`);
    job.state = 'ABORTING';
    clock.at(clock.nowMs() + abortMs, () => {
      points.drop(job.pointArn ?? '');
      finish(job, 'ABORTED', 'FAILURE', 'The job was stopped.');
    });
  };

  const shown = (job: Job): Backup.BackupJob => ({
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

  return {
    all,
    startPlanned,
    arrange: {
      nextJob: (end: JobEnd) => {
        fate = end;
      },
      forgetJobs: () => all.clear(),
      jobsTake: (ms: number) => {
        jobMs = ms;
      },
    },
    operations: {
      StartBackupJob: start,
      StopBackupJob: stop,
      DescribeBackupJob: ({ BackupJobId }: Backup.DescribeBackupJobInput) => shown(named(BackupJobId)),
      ListBackupJobs: (input: Backup.ListBackupJobsInput) => {
        const { ByResourceArn, ByBackupVaultName, ByCreatedAfter, MaxResults = 1000, NextToken = '0' } = input;
        const found = [...all.values()]
          .filter(({ source }) => source.arn === (ByResourceArn ?? source.arn))
          .filter(({ vault }) => vault === (ByBackupVaultName ?? vault))
          .filter(({ createdMs }) => createdMs > (ByCreatedAfter?.getTime() ?? 0))
          .map(shown);
        const next = Number(NextToken) + MaxResults;
        return {
          BackupJobs: found.slice(Number(NextToken), next),
          ...(next < found.length ? { NextToken: String(next) } : {}),
        };
      },
    },
  };
}
