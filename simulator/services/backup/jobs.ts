import type * as Backup from '@aws-sdk/client-backup';
import { ApiError } from '../../kernel/service.ts';
import { pageOf } from '../pages.ts';
import type { BackupContext } from './backup.ts';
import { isOver, type Job, type JobEnd, shownJob } from './job.ts';
import { beginJob, type JobState, limitJob, stopJob, tellJob } from './job-course.ts';
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
const leastStartWindowMs = 3_600_000;

interface State extends JobState {
  readonly sources: Sources;
  readonly tokens: Map<string, string>;
  /** How the next job ends, if not well. */
  fate?: JobEnd | undefined;
}

type Asked = Omit<Backup.StartBackupJobInput, 'IdempotencyToken'> & { IdempotencyToken?: string | undefined };

interface Wanted extends Pick<Job, 'roleArn' | 'tags' | 'lifecycle' | 'createdBy'> {
  readonly vault: string | undefined;
  readonly resourceArn: string;
  readonly startWindowMs: number;
  readonly waitsMs: number;
}

function start(state: State, { IdempotencyToken, ...input }: Asked) {
  const { all, tokens } = state;
  const job = all.get(tokens.get(IdempotencyToken ?? '') ?? '') ?? create(state, wantedBy(input));
  if (IdempotencyToken !== undefined) tokens.set(IdempotencyToken, job.id);
  return {
    BackupJobId: job.id,
    CreationDate: new Date(job.createdMs),
    ...(job.source.isFullyManaged ? { RecoveryPointArn: job.pointArn } : {}),
  };
}

function wantedBy(input: Asked): Wanted {
  const { BackupVaultName: vault, ResourceArn: resourceArn = '', IamRoleArn: roleArn = '' } = input;
  const { StartWindowMinutes = 480, RecoveryPointTags: tags = {} } = input;
  return { vault, resourceArn, roleArn, startWindowMs: StartWindowMinutes * 60_000, tags, waitsMs: beginMs };
}

function create(state: State, { vault, resourceArn, waitsMs, startWindowMs, ...wanted }: Wanted): Job {
  const { kernel, requireVault, sources, points, random, all } = state;
  const { clock } = kernel;
  if (startWindowMs < leastStartWindowMs)
    throw new ApiError('InvalidParameterValueException', 'StartWindowMinutes must be at least 60.');
  const source = sources.byArn(resourceArn);
  if (source === undefined) throw new ApiError('ResourceNotFoundException', `${resourceArn} does not exist.`);
  const job: Job = {
    ...{ id: random.hex(32), vault: requireVault(vault), source, end: state.fate },
    ...{ createdMs: clock.nowMs(), startWindowMs, state: 'CREATED', percent: 0 },
    ...wanted,
  };
  state.fate = undefined;
  if (source.isFullyManaged) job.pointArn = points.arnFor(source, random.hex(16));
  all.set(job.id, job);
  clock.at(job.createdMs + waitsMs, () => beginJob(state, job));
  return job;
}

/** As a rule asks for it: it waits somewhere within its start window, and is stopped with its completion window. */
function startPlanned(state: State, { completionWindowMs, ...wanted }: Planned): void {
  const job = create(state, wanted);
  tellJob(state, job);
  if (completionWindowMs !== undefined && job.source.canBeStopped) limitJob(state, job, completionWindowMs);
}

function named({ all }: State, id: string | undefined): Job {
  const found = all.get(id ?? '');
  if (found === undefined) throw new ApiError('ResourceNotFoundException', `Backup job ${id} not found.`);
  return found;
}

function stop(state: State, { BackupJobId }: Backup.StopBackupJobInput): void {
  const job = named(state, BackupJobId);
  if (isOver(job)) throw new ApiError('InvalidRequestException', `The job is ${job.state} already.`);
  if (!job.source.canBeStopped)
    throw new ApiError('InvalidRequestException', `Jobs of ${job.source.type} cannot be stopped.`);
  stopJob(state, job);
}

function list({ all, vaultArn }: State, input: Backup.ListBackupJobsInput): Backup.ListBackupJobsOutput {
  const { ByResourceArn, ByBackupVaultName, ByCreatedAfter, MaxResults = 1000, NextToken } = input;
  const found = [...all.values()]
    .filter(({ source }) => source.arn === (ByResourceArn ?? source.arn))
    .filter(({ vault }) => vault === (ByBackupVaultName ?? vault))
    .filter(({ createdMs }) => createdMs > (ByCreatedAfter?.getTime() ?? 0))
    .map((job) => shownJob(job, vaultArn));
  const page = pageOf(found, NextToken, MaxResults);
  return { BackupJobs: [...page.items], NextToken: page.next };
}

/** @param copies of instances and volumes; absent: their copies are ARNs with nothing behind */
export function createJobs(
  context: BackupContext,
  points: Points,
  sources: Sources,
  initialMs: number,
  copies?: MachineCopies,
) {
  const state: State = {
    ...{ ...context, points, sources, copies, jobMs: initialMs, all: new Map(), tokens: new Map() },
    random: context.kernel.random.fork('backup'),
  };
  return {
    all: state.all,
    startPlanned: (planned: Planned) => startPlanned(state, planned),
    arrange: {
      nextJob: (end: JobEnd) => {
        state.fate = end;
      },
      forgetJobs: () => state.all.clear(),
      jobsTake: (ms: number) => {
        state.jobMs = ms;
      },
    },
    operations: {
      StartBackupJob: (input: Asked) => start(state, input),
      StopBackupJob: (input: Backup.StopBackupJobInput) => stop(state, input),
      DescribeBackupJob: ({ BackupJobId }: Backup.DescribeBackupJobInput) =>
        shownJob(named(state, BackupJobId), context.vaultArn),
      ListBackupJobs: (input: Backup.ListBackupJobsInput) => list(state, input),
    },
  };
}
