/** What becomes of a job once it is created, and whom EventBridge tells. */
import type * as Backup from '@aws-sdk/client-backup';
import type { BackupContext } from './backup.ts';
import { isOver, type Job, type JobEnd, startBy } from './job.ts';
import type { MachineCopies } from './machine-copies.ts';
import type { Points } from './points.ts';

/** State, message category and message, as the API has them. */
type Ending = readonly [state: Backup.BackupJobState, category: string, message?: string];

const ends: Readonly<Record<Exclude<JobEnd, 'never'> | 'well', Ending>> = {
  well: ['COMPLETED', 'SUCCESS'],
  issues: ['COMPLETED', 'INVALIDPARAMETERS', 'Completed with issues.'],
  PARTIAL: ['PARTIAL', 'FAILURE', 'Some of it could not be copied.'],
  FAILED: ['FAILED', 'FAILURE', 'Backup job failed.'],
  EXPIRED: ['EXPIRED', 'FAILURE', 'Backup job expired before it began.'],
};

/** So often is it tried again. https://docs.aws.amazon.com/aws-backup/latest/devguide/API_StartBackupJob.html */
const retryMs = 600_000;
const abortMs = 30_000;
/** So often is it looked whether a snapshot is complete. */
const lookMs = 60_000;

/** What jobs have around them. */
export interface JobState extends BackupContext {
  readonly points: Points;
  readonly random: BackupContext['kernel']['random'];
  readonly all: Map<string, Job>;
  /** Undefined: copies of instances and volumes are ARNs with nothing behind. */
  readonly copies: MachineCopies | undefined;
  /** So long do jobs run that begin from now on. */
  jobMs: number;
}

/** It waits while another of the resource is under way, until its start window is over. */
export async function beginJob(state: JobState, job: Job): Promise<void> {
  const { clock } = state.kernel;
  if (job.state !== 'CREATED') return;
  const isTaken = [...state.all.values()].some(
    (other) => other.source.arn === job.source.arn && other.state === 'RUNNING',
  );
  if (!isTaken) return run(state, job);
  if (clock.nowMs() < job.createdMs + job.startWindowMs) clock.at(clock.nowMs() + retryMs, () => beginJob(state, job));
  else {
    const message = 'Backup job expired because there was a running job for the same resource.';
    finish(state, job, ['EXPIRED', 'FAILURE', message]);
  }
}

async function run(state: JobState, job: Job): Promise<void> {
  const { clock } = state.kernel;
  if (job.end === 'EXPIRED') return finish(state, job, ends.EXPIRED);
  try {
    await job.source.open(job.roleArn);
  } catch (error) {
    return finish(state, job, ['FAILED', 'AccessDenied', error instanceof Error ? error.message : String(error)]);
  }
  job.state = 'RUNNING';
  if (job.createdBy !== undefined) tellJob(state, job);
  const { jobMs } = state;
  read(state, job, jobMs);
  clock.at(clock.nowMs() + jobMs, () => complete(state, job));
}

/** One file after another, each as it is when its turn comes. */
function read({ kernel, points, copies, random }: JobState, job: Job, jobMs: number): void {
  const { vault, source, createdMs, tags, lifecycle, createdBy } = job;
  const paths = source.paths();
  const content = new Map<string, string>();
  job.pointArn ??= copies?.take(source.arn, tags) ?? points.arnFor(source, random.hex(16));
  points.open(job.pointArn, { vault, source, createdMs, tags, content, lifecycle, createdBy });
  const startedMs = kernel.clock.nowMs();
  for (const [index, path] of paths.entries()) {
    kernel.clock.at(startedMs + (jobMs * index) / paths.length, () => {
      const text = source.read(path);
      if (job.state !== 'RUNNING') return;
      job.percent = Math.floor((100 * index) / paths.length);
      if (text !== undefined) content.set(path, text);
    });
  }
}

function complete(state: JobState, job: Job): void {
  const { kernel, points, copies } = state;
  if (job.state !== 'RUNNING') return;
  const { pointArn = '', end = 'well' } = job;
  if (end === 'never') return;
  if (end === 'well' && copies?.isComplete(pointArn) === false) {
    kernel.clock.at(kernel.clock.nowMs() + lookMs, () => complete(state, job));
    return;
  }
  const ending = ends[end];
  if (ending[0] === 'COMPLETED' || ending[0] === 'PARTIAL') points.complete(pointArn, ending[0]);
  else points.drop(pointArn);
  finish(state, job, ending);
}

export function stopJob(state: JobState, job: Job): void {
  const { clock } = state.kernel;
  job.state = 'ABORTING';
  clock.at(clock.nowMs() + abortMs, () => abort(state, job, 'The job was stopped.'));
}

/** Stopped by AWS Backup itself if it is not over so long after it was created. */
export function limitJob(state: JobState, job: Job, completionWindowMs: number): void {
  state.kernel.clock.at(job.createdMs + completionWindowMs, () => {
    if (!isOver(job)) abort(state, job, 'Backup job was not complete by the end of its completion window.');
  });
}

function abort(state: JobState, job: Job, message: string): void {
  state.points.drop(job.pointArn ?? '');
  finish(state, job, ['ABORTED', 'FAILURE', message]);
}

function finish(state: JobState, job: Job, [end, category, message]: Ending): void {
  job.state = end;
  job.category = category;
  if (message !== undefined) job.message = message;
  job.endedMs = state.kernel.clock.nowMs();
  tellJob(state, job);
}

/** Of a job of nobody's plan its end alone is told. */
export function tellJob({ kernel, vaultArn }: JobState, job: Job): void {
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
}
