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

/** From the call until the job runs. */
const beginMs = 20_000;

export function createRestores(
  { kernel }: BackupContext,
  points: Points,
  { efs, perform, sources, restoreMs }: Surroundings,
) {
  const { clock } = kernel;
  const all = new Map<string, RestoreJob>();
  const tokens = new Map<string, string>();
  const random = kernel.random.fork('restores');
  let fate: RestoreEnd | undefined;

  const finish = (job: RestoreJob, state: Backup.RestoreJobStatus, message?: string): void => {
    job.state = state;
    job.endedMs = clock.nowMs();
    if (message !== undefined) job.message = message;
    const detail = { restoreJobId: job.id, status: state, createdResourceArn: job.createdArn };
    kernel.emit({ source: 'aws.backup', detailType: 'Restore Job State Change', resources: [], detail });
  };

  const inRole = (job: RestoreJob, operation: string, input: object, service = 'elasticfilesystem') => {
    const caller = { kind: 'role', arn: job.roleArn, name: 'backup' } as const;
    return perform({ caller, service, operation, input });
  };

  const run = async (job: RestoreJob): Promise<void> => {
    if (job.end === 'ABORTED') return finish(job, 'ABORTED', 'The restore job was aborted.');
    try {
      job.createdArn = await make(job);
    } catch (error) {
      return finish(job, 'FAILED', error instanceof Error ? error.message : String(error));
    }
    job.state = 'RUNNING';
    if (job.end !== 'never') clock.at(clock.nowMs() + restoreMs, () => complete(job));
  };

  const make = async (job: RestoreJob): Promise<string> => {
    const { metadata, type } = job;
    if (type !== 'EFS') return makeOther(job);
    const { CreationToken, Encrypted, KmsKeyId, PerformanceMode, availabilityZoneName } = metadata;
    if (metadata.newFileSystem === 'false') return fillPresent(job, metadata['file-system-id'] ?? '');
    const made: unknown = await inRole(job, 'CreateFileSystem', {
      ...{ CreationToken, Encrypted: Encrypted === 'true', KmsKeyId, PerformanceMode },
      AvailabilityZoneName: availabilityZoneName,
    });
    const { FileSystemId, FileSystemArn }: { FileSystemId?: string; FileSystemArn?: string } = Object(made);
    await inRole(job, 'Restore', { FileSystemId });
    return FileSystemArn ?? '';
  };

  /** The present one stays as it is, but for a folder more. */
  const fillPresent = async (job: RestoreJob, FileSystemId: string): Promise<string> => {
    await inRole(job, 'Restore', { FileSystemId });
    return arn(kernel, 'elasticfilesystem', `file-system/${FileSystemId}`);
  };

  /** Types other than EFS have an ARN and nothing behind it. */
  const makeOther = async (job: RestoreJob): Promise<string> => {
    const { type, metadata, copiesTags } = job;
    const createdArn = createdArnOf(kernel, job, random.hex(16));
    if (type === 'S3' && copiesTags) throw new Error('Tags cannot be copied to a restored bucket.');
    const goesIntoOther = type === 'S3' && metadata.NewBucket !== 'true';
    if (sources.exists(createdArn) !== goesIntoOther) {
      throw new Error(goesIntoOther ? `There is no ${createdArn}.` : `There is a ${createdArn} already.`);
    }
    await inRole(job, 'RestoreInRole', { ...job, createdArn }, 'backup');
    sources.add(createdArn);
    return createdArn;
  };

  const complete = (job: RestoreJob): void => {
    if (job.end === 'FAILED') finish(job, 'FAILED', 'Restore job failed.');
    else fill(job);
  };

  const fill = (job: RestoreJob): void => {
    const files = efs.world.byArn(job.createdArn ?? '')?.files;
    const folder = `/aws-backup-restore_${new Date(clock.nowMs()).toISOString().replaceAll(/[:.]/g, '-')}`;
    for (const [path, text] of job.point.content) files?.set(`${folder}${path}`, text);
    job.percent = 100;
    finish(job, 'COMPLETED');
  };

  const start = (input: Omit<Backup.StartRestoreJobInput, 'IdempotencyToken'> & { IdempotencyToken?: string }) => {
    const { RecoveryPointArn, IamRoleArn = '', Metadata = {}, IdempotencyToken = '', ResourceType } = input;
    const known = tokens.get(IdempotencyToken);
    if (known !== undefined) return { RestoreJobId: known };
    const point = points.named(RecoveryPointArn);
    if (point.status !== 'COMPLETED') {
      throw new ApiError('InvalidParameterValueException', `Recovery point ${RecoveryPointArn} is ${point.status}.`);
    }
    const type = restoredAs(point.source.arn, ResourceType ?? point.source.type);
    checkMetadata(type, Metadata);
    const id = random.hex(32);
    const job: RestoreJob = {
      ...{ id, point, type, roleArn: IamRoleArn, metadata: Metadata, createdMs: clock.nowMs() },
      copiesTags: input.CopySourceTagsToRestoredResource ?? false,
      ...{ end: fate, state: 'PENDING', percent: 0 },
    };
    fate = undefined;
    all.set(id, job);
    if (IdempotencyToken !== '') tokens.set(IdempotencyToken, id);
    clock.at(job.createdMs + beginMs, () => run(job));
    return { RestoreJobId: id };
  };

  const described = ({ RestoreJobId = '' }: Backup.DescribeRestoreJobInput): Backup.DescribeRestoreJobOutput => {
    const job = all.get(RestoreJobId);
    if (job === undefined) throw new ApiError('ResourceNotFoundException', `Restore job ${RestoreJobId} not found.`);
    return shown(job);
  };

  const shown = (job: RestoreJob): Backup.RestoreJobsListMember => {
    return {
      ...{ RestoreJobId: job.id, RecoveryPointArn: job.point.arn, IamRoleArn: job.roleArn, Status: job.state },
      ...{ CreationDate: new Date(job.createdMs), PercentDone: `${job.percent.toFixed(2)}%` },
      ResourceType: job.point.source.type,
      ...(job.message === undefined ? {} : { StatusMessage: job.message }),
      ...(job.createdArn === undefined ? {} : { CreatedResourceArn: job.createdArn }),
      ...(job.endedMs === undefined ? {} : { CompletionDate: new Date(job.endedMs) }),
    };
  };

  return {
    all,
    arrange: {
      nextRestore: (end: RestoreEnd) => {
        fate = end;
      },
    },
    operations: {
      StartRestoreJob: start,
      DescribeRestoreJob: described,
      ListRestoreJobsByProtectedResource: ({ ResourceArn }: Backup.ListRestoreJobsByProtectedResourceInput) => ({
        RestoreJobs: [...all.values()].filter(({ point }) => point.source.arn === ResourceArn).map(shown),
      }),
      /** Nobody can call it: what a job does in its role. */
      RestoreInRole: () => ({}),
    },
  };
}

const restoredAs = (sourceArn: string, type: string): string =>
  type === 'FSx' && sourceArn.includes(':volume/') ? 'FSx volume' : type;
