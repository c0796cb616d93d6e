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

interface Surroundings {
  readonly points: Points;
  readonly random: BackupContext['kernel']['random'];
  readonly all: ReadonlyMap<string, Job>;
  readonly lastsMs: () => number;
  readonly copies: MachineCopies | undefined;
}

/** What becomes of a job once it is created, and whom EventBridge tells. */
export function createJobCourse(
  { kernel, vaultArn }: BackupContext,
  { points, random, all, lastsMs, copies }: Surroundings,
) {
  const { clock } = kernel;

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
    const jobMs = lastsMs();
    read(job, jobMs);
    clock.at(clock.nowMs() + jobMs, () => complete(job));
  };

  /** One file after another, each as it is when its turn comes. */
  const read = (job: Job, jobMs: number): void => {
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
      clock.at(startedMs + (jobMs * index) / paths.length, () => {
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

  const abort = (job: Job, message: string): void => {
    points.drop(job.pointArn ?? '');
    finish(job, 'ABORTED', 'FAILURE', message);
  };

  return {
    tell,
    begin,
    stop: (job: Job): void => {
      job.state = 'ABORTING';
      clock.at(clock.nowMs() + abortMs, () => abort(job, 'The job was stopped.'));
    },
    /** Stopped by AWS Backup itself if it is not over so long after it was created. */
    limit: (job: Job, completionWindowMs: number): void => {
      clock.at(job.createdMs + completionWindowMs, () => {
        if (!isOver(job)) abort(job, 'Backup job was not complete by the end of its completion window.');
      });
    },
  };
}
