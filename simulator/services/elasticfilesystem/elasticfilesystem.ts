/**
 * EFS: file systems as far as backups see them. Their content is a map from path to text; AWS Backup reads it file by file, so what is written
 * meanwhile may or may not be in the copy.
 */
import type * as Efs from '@aws-sdk/client-efs';
import { arn } from '../../iam/arn.ts';
import { type Access, ApiError, type Kernel, type Service } from '../../kernel/service.ts';

export interface FileSystemSpec {
  /** `fs-…` */
  readonly id: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  /** As the API describes it; what is not given is a default. */
  readonly settings?: Partial<Efs.FileSystemDescription>;
  /** Automatic daily backups. Default DISABLED. */
  readonly backupPolicy?: Efs.Status;
  /** Ids of file systems in eu-central-1 that it is replicated to. */
  readonly replicas?: readonly string[];
  /** JSON text. */
  readonly policy?: string;
}

export interface FileSystem extends Omit<FileSystemSpec, 'files'> {
  readonly arn: string;
  readonly files: Map<string, string>;
  readonly createdMs: number;
}

export interface EfsService extends Service {
  readonly world: {
    /** Makes one that is available at once, with a mount target and an access point. */
    create(spec: FileSystemSpec): void;
    /** @throws Error when there is none */
    fileSystem(id: string): FileSystem;
    byArn(resourceArn: string): FileSystem | undefined;
  };
}

const tagList = (tags: Readonly<Record<string, string>> = {}): Efs.Tag[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

export function createEfs(kernel: Kernel): EfsService {
  const all = new Map<string, FileSystem>();
  const arnOf = (id: string) => arn(kernel, 'elasticfilesystem', `file-system/${id}`);

  const named = (id: string | undefined): FileSystem => {
    const found = all.get(id ?? '');
    if (found === undefined) throw new ApiError('FileSystemNotFound', `File system '${id}' does not exist.`, 404);
    return found;
  };
  const create = ({ id, files = {}, ...spec }: FileSystemSpec): void => {
    all.set(id, {
      id,
      ...spec,
      arn: arnOf(id),
      files: new Map(Object.entries(files)),
      createdMs: kernel.clock.nowMs(),
    });
  };
  const mountTargetOf = (id: string) => id.replace('fs-', 'fsmt-');

  return {
    name: 'elasticfilesystem',
    operations: {
      ...describing(kernel, named, () => [...all.values()]),
      DescribeMountTargets: ({ FileSystemId }: Efs.DescribeMountTargetsRequest): Efs.DescribeMountTargetsResponse => ({
        MountTargets: [
          {
            MountTargetId: mountTargetOf(named(FileSystemId).id),
            FileSystemId,
            SubnetId: 'subnet-0a',
            IpAddress: '10.0.0.17',
            LifeCycleState: 'available',
          },
        ],
      }),
      DescribeMountTargetSecurityGroups: () => ({ SecurityGroups: ['sg-0efs'] }),
      /** No call of the API's: what AWS Backup asks for in its role. */
      Backup: ({ FileSystemId }: { readonly FileSystemId: string }) => ({ ...named(FileSystemId) }),
    },
    access: (operation, input) => accessOf(operation, Object(input), arnOf),
    world: {
      create,
      fileSystem: named,
      byArn: (resourceArn) => [...all.values()].find((each) => each.arn === resourceArn),
    },
  };
}

interface Named {
  readonly FileSystemId?: string;
  readonly MountTargetId?: string;
}

/** Service Authorization Reference, EFS: file systems all the way. */
const accessOf = (operation: string, input: Named, arnOf: (id: string) => string): readonly Access[] => [
  {
    action: `elasticfilesystem:${operation}`,
    resource: arnOf(input.FileSystemId ?? input.MountTargetId?.replace('fsmt-', 'fs-') ?? '*'),
  },
];

type Request = { readonly FileSystemId?: string | undefined };

function describing(kernel: Kernel, named: (id: string | undefined) => FileSystem, all: () => readonly FileSystem[]) {
  return {
    DescribeFileSystems: ({ FileSystemId }: Request) => ({
      FileSystems: (FileSystemId === undefined ? all() : [named(FileSystemId)]).map((each) => shown(kernel, each)),
    }),
    DescribeBackupPolicy: ({ FileSystemId }: Request): Efs.BackupPolicyDescription => {
      const { backupPolicy: Status } = named(FileSystemId);
      if (Status === undefined) throw new ApiError('PolicyNotFound', 'No backup policy exists.', 404);
      return { BackupPolicy: { Status } };
    },
    DescribeReplicationConfigurations: ({ FileSystemId }: Request): Efs.DescribeReplicationConfigurationsResponse => {
      const { id, arn: sourceArn, replicas = [] } = named(FileSystemId);
      if (replicas.length === 0) throw new ApiError('ReplicationNotFound', `${id} is not replicated.`, 404);
      const Destinations = replicas.map((replica) => ({
        Status: 'ENABLED' as const,
        FileSystemId: replica,
        Region: 'eu-central-1',
      }));
      const of = { SourceFileSystemId: id, SourceFileSystemArn: sourceArn, OriginalSourceFileSystemArn: sourceArn };
      const made = { SourceFileSystemRegion: kernel.regionName, CreationTime: new Date(kernel.clock.nowMs()) };
      return { Replications: [{ ...of, ...made, Destinations }] };
    },
    DescribeLifecycleConfiguration: ({ FileSystemId }: Request): Efs.LifecycleConfigurationDescription => {
      named(FileSystemId);
      return { LifecyclePolicies: [{ TransitionToIA: 'AFTER_30_DAYS' }] };
    },
    DescribeFileSystemPolicy: ({ FileSystemId }: Request): Efs.FileSystemPolicyDescription => {
      const { policy: Policy } = named(FileSystemId);
      if (Policy === undefined) throw new ApiError('PolicyNotFound', 'No policy exists.', 404);
      return { Policy };
    },
    DescribeAccessPoints: ({ FileSystemId }: Request): Efs.DescribeAccessPointsResponse => ({
      AccessPoints: [
        {
          AccessPointId: named(FileSystemId).id.replace('fs-', 'fsap-'),
          PosixUser: { Uid: 1000, Gid: 1000 },
          RootDirectory: { Path: '/data' },
          Tags: [{ Key: 'Name', Value: 'app' }],
        },
      ],
    }),
  };
}

function shown(kernel: Kernel, { id, arn: FileSystemArn, files, tags, settings, createdMs }: FileSystem) {
  const bytes = [...files.values()].reduce((sum, text) => sum + text.length, 0);
  const description: Efs.FileSystemDescription = {
    FileSystemId: id,
    FileSystemArn,
    OwnerId: kernel.account,
    CreationToken: id,
    CreationTime: new Date(createdMs),
    LifeCycleState: 'available',
    NumberOfMountTargets: 1,
    SizeInBytes: { Value: bytes },
    PerformanceMode: 'generalPurpose',
    Encrypted: true,
    KmsKeyId: `arn:aws:kms:${kernel.regionName}:${kernel.account}:key/0efs`,
    ThroughputMode: 'elastic',
    Tags: tagList(tags),
    ...settings,
  };
  return description;
}
