/** AWS Backup: vaults, plans, jobs, their recovery points, and restore jobs. Copies to other vaults are not simulated. */
import type * as Backup from '@aws-sdk/client-backup';
import { arn } from '../../iam/arn.ts';
import { ApiError, type Kernel, type Service } from '../../kernel/service.ts';
import type { Ec2 } from '../ec2/ec2.ts';
import type { EfsService } from '../efs/efs.ts';
import type { Perform } from '../perform.ts';
import type { TaggedResources } from '../tagging/tagged-resources.ts';
import { backupAccess } from './access.ts';
import { copyAccess } from './in-copy-role.ts';
import { restoreAccess } from './in-restore-role.ts';
import type { Job, JobEnd } from './job.ts';
import { createJobs } from './jobs.ts';
import { createMachineCopies } from './machine-copies.ts';
import { createPlans, type Plans } from './plans.ts';
import { createPoints, type RecoveryPoint } from './points.ts';
import { createRestores, type RestoreEnd, type RestoreJob } from './restores.ts';
import { createSources, type Described } from './sources.ts';

export interface BackupOptions {
  /** From RUNNING until the job ends. Default 8 minutes. */
  readonly jobMs?: number;
  /** The same of restore jobs. Default 12 minutes. */
  readonly restoreMs?: number;
}

export interface BackupService extends Service {
  /** As CloudFormation makes them. */
  readonly plans: Plans;
  /** All that it could copy and that carries tags, or might. */
  readonly tagged: TaggedResources;
  readonly world: {
    readonly jobs: ReadonlyMap<string, Job>;
    readonly restores: ReadonlyMap<string, RestoreJob>;
    readonly points: ReadonlyMap<string, RecoveryPoint>;
    /** By name, with the ARN of its key. */
    readonly vaults: ReadonlyMap<string, string>;
    /** Something of another service than EFS that can be copied, or restored into. */
    add(resourceArn: string, described?: Described): void;
    /** A job that somebody else asks for, into another vault than the members' (default: `elsewhere`). @returns its id */
    startElsewhere(resourceArn: string, vault?: string): string;
  };
  readonly arrange: {
    /** How the next job ends instead of well; `never`: it stays RUNNING. */
    nextJob(end: JobEnd): void;
    /** How the next restore job ends instead of well: before it makes anything (ABORTED), or with files missing; `never`: it stays RUNNING. */
    nextRestore(end: RestoreEnd): void;
    /** So long do jobs that begin from now on run. */
    jobsTake(ms: number): void;
    /** AWS Backup answers, and does not delete: the point stays, as EXPIRED. */
    nextDeletionFails(): void;
    /** Somebody deletes all that was copied. */
    forgetPoints(): void;
    /** As AWS Backup forgets jobs after a while, here at once. */
    forgetJobs(): void;
    /** As in the settings of the Region. */
    optOut(resourceType: string): void;
  };
}

/** What the parts of the service share. */
export interface BackupContext {
  readonly kernel: Kernel;
  readonly vaultArn: (name: string) => string;
  /** @throws ApiError when there is no such vault */
  readonly requireVault: (name: string | undefined) => string;
}

interface Surroundings extends BackupOptions {
  /** Whose machines are copied. Default: there are none. */
  readonly ec2?: Ec2;
  readonly efs: EfsService;
  readonly perform: Perform;
  /** What other services have that plans select from. Default: nothing. */
  readonly tagged?: TaggedResources;
}

/** Of those that AWS Backup knows. */
const resourceTypes = [
  ...['Aurora', 'DocumentDB', 'DynamoDB', 'EBS', 'EC2', 'EFS', 'FSx', 'Neptune', 'RDS', 'S3', 'Storage Gateway'],
] as const;

export function createBackup(
  kernel: Kernel,
  { ec2, efs, perform, tagged = () => [], jobMs = 480_000, restoreMs = 720_000 }: Surroundings,
): BackupService {
  const vaults = new Map<string, string>();
  const optedOut = new Set<string>();
  const context: BackupContext = {
    kernel,
    vaultArn: (name) => arn(kernel, 'backup', `backup-vault:${name}`),
    requireVault: (name = '') => {
      if (!vaults.has(name)) throw new ApiError('ResourceNotFoundException', `Backup vault ${name} not found.`);
      return name;
    },
  };
  const points = createPoints(context);
  const sources = createSources(efs, perform, tagged);
  const jobs = createJobs(context, points, sources, jobMs, ec2 && createMachineCopies(ec2));
  const restores = createRestores(context, points, { efs, perform, sources, restoreMs });
  const isOptedIn = (type: string) => !optedOut.has(type);
  const plans = createPlans(context, { sources, isOptedIn, start: jobs.startPlanned });
  const createVault = ({ BackupVaultName = '', EncryptionKeyArn = '' }: Backup.CreateBackupVaultInput) => {
    if (vaults.has(BackupVaultName)) throw new ApiError('AlreadyExistsException', `${BackupVaultName} already exists.`);
    vaults.set(BackupVaultName, EncryptionKeyArn);
    return { BackupVaultName, BackupVaultArn: context.vaultArn(BackupVaultName) };
  };
  return {
    name: 'backup',
    client: () => import('@aws-sdk/client-backup'),
    operations: {
      ...jobs.operations,
      ...points.operations,
      ...restores.operations,
      CreateBackupVault: createVault,
      DescribeProtectedResource: ({ ResourceArn }: Backup.DescribeProtectedResourceInput) => {
        const point = [...points.all.values()].find(({ source }) => source.arn === ResourceArn);
        if (point === undefined) throw new ApiError('ResourceNotFoundException', `${ResourceArn} has no backups.`);
        return { ResourceArn, ResourceType: point.source.type };
      },
      DescribeRegionSettings: (): Backup.DescribeRegionSettingsOutput => ({
        ResourceTypeOptInPreference: Object.fromEntries(resourceTypes.map((type) => [type, isOptedIn(type)])),
      }),
      /** Nobody can call it: what a job does in its role. */
      CopyInRole: () => ({}),
    },
    access: (operation, input) => {
      if (operation === 'CopyInRole') return copyAccess(Object(input));
      if (operation === 'RestoreInRole') return restoreAccess(kernel, Object(input));
      return backupAccess(context, points, operation, Object(input));
    },
    plans,
    tagged: sources.tagged,
    world: {
      ...{ jobs: jobs.all, restores: restores.all, points: points.all, vaults, add: sources.add },
      startElsewhere: (ResourceArn, BackupVaultName = 'elsewhere') => {
        if (!vaults.has(BackupVaultName)) vaults.set(BackupVaultName, '');
        const IamRoleArn = arn(kernel, 'iam', 'role/elsewhere');
        return jobs.operations.StartBackupJob({ BackupVaultName, ResourceArn, IamRoleArn }).BackupJobId;
      },
    },
    arrange: { ...jobs.arrange, ...points.arrange, ...restores.arrange, optOut: (type) => void optedOut.add(type) },
  };
}
