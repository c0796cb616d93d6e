import type * as Backup from '@aws-sdk/client-backup';
import { arn } from '../../iam/arn.ts';
import { ApiError } from '../../kernel/service.ts';
import type { EfsService } from '../efs/efs.ts';
import type { Perform } from '../perform.ts';
import type { BackupContext } from './backup.ts';
import { createdArnOf } from './in-restore-role.ts';
import type { Points, RecoveryPoint } from './points.ts';
import { checkMetadata } from './restore-metadata.ts';
import type { Sources } from './sources.ts';

export type RestoreEnd = 'FAILED' | 'ABORTED' | 'never';

export interface RestoreJob {
  readonly id: string;
  readonly point: RecoveryPoint;
  /** As which it is restored: volumes of FSx have rules of their own. */
  readonly type: string;
  readonly copiesTags: boolean;
  readonly roleArn: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdMs: number;
  readonly end: RestoreEnd | undefined;
  state: Backup.RestoreJobStatus;
  percent: number;
  message?: string;
  createdArn?: string;
  endedMs?: number;
}

interface Surroundings {
  readonly efs: EfsService;
  readonly perform: Perform;
  readonly sources: Sources;
  readonly restoreMs: number;
}

interface State extends BackupContext, Surroundings {
  readonly points: Points;
  readonly all: Map<string, RestoreJob>;
  /** Ids of jobs, by the token that they were asked for with. */
  readonly tokens: Map<string, string>;
  readonly random: BackupContext['kernel']['random'];
  /** How the next one ends, if not well. */
  fate?: RestoreEnd | undefined;
}

type Asked = Omit<Backup.StartRestoreJobInput, 'IdempotencyToken'> & { IdempotencyToken?: string };

/** From the call until the job runs. */
const beginMs = 20_000;

function start(state: State, input: Asked): Backup.StartRestoreJobOutput {
  const { kernel, all, tokens } = state;
  const { IdempotencyToken = '' } = input;
  const known = tokens.get(IdempotencyToken);
  if (known !== undefined) return { RestoreJobId: known };
  const job = newJob(state, input);
  all.set(job.id, job);
  if (IdempotencyToken !== '') tokens.set(IdempotencyToken, job.id);
  kernel.clock.at(job.createdMs + beginMs, () => run(state, job));
  return { RestoreJobId: job.id };
}

function newJob(state: State, input: Asked): RestoreJob {
  const { RecoveryPointArn, IamRoleArn: roleArn = '', Metadata: metadata = {}, ResourceType } = input;
  const point = state.points.named(RecoveryPointArn);
  if (point.status !== 'COMPLETED') {
    throw new ApiError('InvalidParameterValueException', `Recovery point ${RecoveryPointArn} is ${point.status}.`);
  }
  const type = restoredAs(point.source.arn, ResourceType ?? point.source.type);
  checkMetadata(type, metadata);
  const end = state.fate;
  state.fate = undefined;
  return {
    ...{ id: state.random.hex(32), point, type, roleArn, metadata, createdMs: state.kernel.clock.nowMs() },
    copiesTags: input.CopySourceTagsToRestoredResource ?? false,
    ...{ end, state: 'PENDING', percent: 0 },
  };
}

const restoredAs = (sourceArn: string, type: string): string =>
  type === 'FSx' && sourceArn.includes(':volume/') ? 'FSx volume' : type;

async function run(state: State, job: RestoreJob): Promise<void> {
  const { clock } = state.kernel;
  if (job.end === 'ABORTED') return finish(state, job, 'ABORTED', 'The restore job was aborted.');
  try {
    job.createdArn = await (job.type === 'EFS' ? makeFileSystem(state, job) : makeOther(state, job));
  } catch (error) {
    return finish(state, job, 'FAILED', error instanceof Error ? error.message : String(error));
  }
  job.state = 'RUNNING';
  if (job.end !== 'never') clock.at(clock.nowMs() + state.restoreMs, () => complete(state, job));
}

function inRole({ perform }: State, job: RestoreJob, operation: string, input: object, service = 'elasticfilesystem') {
  const caller = { kind: 'role', arn: job.roleArn, name: 'backup' } as const;
  return perform({ caller, service, operation, input });
}

/** @returns the ARN of what it makes, or fills */
async function makeFileSystem(state: State, job: RestoreJob): Promise<string> {
  const { CreationToken, Encrypted, KmsKeyId, PerformanceMode, availabilityZoneName, ...more } = job.metadata;
  if (more.newFileSystem === 'false') return fillPresent(state, job, more['file-system-id'] ?? '');
  const made: unknown = await inRole(state, job, 'CreateFileSystem', {
    ...{ CreationToken, Encrypted: Encrypted === 'true', KmsKeyId, PerformanceMode },
    AvailabilityZoneName: availabilityZoneName,
  });
  const { FileSystemId, FileSystemArn }: { FileSystemId?: string; FileSystemArn?: string } = Object(made);
  await inRole(state, job, 'Restore', { FileSystemId });
  return FileSystemArn ?? '';
}

/** The present one stays as it is, but for a folder more. */
async function fillPresent(state: State, job: RestoreJob, FileSystemId: string): Promise<string> {
  await inRole(state, job, 'Restore', { FileSystemId });
  return arn(state.kernel, 'elasticfilesystem', `file-system/${FileSystemId}`);
}

/** Types other than EFS have an ARN and nothing behind it. */
async function makeOther(state: State, job: RestoreJob): Promise<string> {
  const { kernel, random, sources } = state;
  const { type, metadata, copiesTags } = job;
  const createdArn = createdArnOf(kernel, job, random.hex(16));
  if (type === 'S3' && copiesTags) throw new Error('Tags cannot be copied to a restored bucket.');
  const goesIntoOther = type === 'S3' && metadata.NewBucket !== 'true';
  if (sources.exists(createdArn) !== goesIntoOther) {
    throw new Error(goesIntoOther ? `There is no ${createdArn}.` : `There is a ${createdArn} already.`);
  }
  await inRole(state, job, 'RestoreInRole', { ...job, createdArn }, 'backup');
  sources.add(createdArn);
  return createdArn;
}

function complete(state: State, job: RestoreJob): void {
  if (job.end === 'FAILED') finish(state, job, 'FAILED', 'Restore job failed.');
  else fill(state, job);
}

function fill(state: State, job: RestoreJob): void {
  const { kernel, efs } = state;
  const files = efs.world.byArn(job.createdArn ?? '')?.files;
  const folder = `/aws-backup-restore_${new Date(kernel.clock.nowMs()).toISOString().replaceAll(/[:.]/g, '-')}`;
  for (const [path, text] of job.point.content) files?.set(`${folder}${path}`, text);
  job.percent = 100;
  finish(state, job, 'COMPLETED');
}

function finish({ kernel }: State, job: RestoreJob, status: Backup.RestoreJobStatus, message?: string): void {
  job.state = status;
  job.endedMs = kernel.clock.nowMs();
  if (message !== undefined) job.message = message;
  const detail = { restoreJobId: job.id, status, createdResourceArn: job.createdArn };
  kernel.emit({ source: 'aws.backup', detailType: 'Restore Job State Change', resources: [], detail });
}

function described({ all }: State, { RestoreJobId = '' }: Backup.DescribeRestoreJobInput) {
  const job = all.get(RestoreJobId);
  if (job === undefined) throw new ApiError('ResourceNotFoundException', `Restore job ${RestoreJobId} not found.`);
  return shown(job);
}

const shown = (job: RestoreJob): Backup.RestoreJobsListMember & Backup.DescribeRestoreJobOutput => ({
  ...{ RestoreJobId: job.id, RecoveryPointArn: job.point.arn, IamRoleArn: job.roleArn, Status: job.state },
  ...{ CreationDate: new Date(job.createdMs), PercentDone: `${job.percent.toFixed(2)}%` },
  ResourceType: job.point.source.type,
  ...(job.message === undefined ? {} : { StatusMessage: job.message }),
  ...(job.createdArn === undefined ? {} : { CreatedResourceArn: job.createdArn }),
  ...(job.endedMs === undefined ? {} : { CompletionDate: new Date(job.endedMs) }),
});

export function createRestores(context: BackupContext, points: Points, surroundings: Surroundings) {
  const state: State = {
    ...{ ...context, ...surroundings, points, all: new Map(), tokens: new Map() },
    random: context.kernel.random.fork('restores'),
  };
  const { all } = state;
  return {
    all,
    arrange: {
      nextRestore: (end: RestoreEnd) => {
        state.fate = end;
      },
    },
    operations: {
      StartRestoreJob: (input: Asked) => start(state, input),
      DescribeRestoreJob: (input: Backup.DescribeRestoreJobInput) => described(state, input),
      ListRestoreJobsByProtectedResource: ({ ResourceArn }: Backup.ListRestoreJobsByProtectedResourceInput) => ({
        RestoreJobs: [...all.values()].filter(({ point }) => point.source.arn === ResourceArn).map(shown),
      }),
      /** Nobody can call it: what a job does in its role. */
      RestoreInRole: () => ({}),
    },
  };
}
