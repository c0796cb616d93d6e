import type * as Backup from '@aws-sdk/client-backup';
import { ApiError } from '../../kernel/service.ts';
import type { BackupContext } from './backup.ts';
import { isOver, type Job, type JobEnd, shownJob } from './job.ts';
import { createJobCourse } from './job-course.ts';
import type { MachineCopies } from './machine-copies.ts';
import type { Lifecycle, Points } from './points.ts';
import type { Sources } from './sources.ts';

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

/** From the call until the job runs, where nothing is in its way. */
const beginMs = 20_000;

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

  const course = createJobCourse(context, { points, random, all, copies, lastsMs: () => jobMs });
  const shown = (job: Job) => shownJob(job, vaultArn);

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
    clock.at(job.createdMs + waitsMs, () => course.begin(job));
    return job;
  };

  /** As a rule asks for it: it waits somewhere within its start window, and is stopped with its completion window. */
  const startPlanned = (planned: Planned): void => {
    const { vault, resourceArn, roleArn, startWindowMs, completionWindowMs, tags, waitsMs, ...more } = planned;
    const job = create(vault, resourceArn, roleArn, startWindowMs / 60_000, tags, more, waitsMs);
    course.tell(job);
    if (completionWindowMs !== undefined && job.source.canBeStopped) course.limit(job, completionWindowMs);
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
    course.stop(job);
  };

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
