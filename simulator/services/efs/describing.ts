import type * as Efs from '@aws-sdk/client-efs';
import { ApiError, type Kernel } from '../../kernel/service.ts';
import type { FileSystem, FileSystems } from './file-systems.ts';

const tagList = (tags: ReadonlyMap<string, string>): Efs.Tag[] => [...tags].map(([Key, Value]) => ({ Key, Value }));

type Request = { readonly FileSystemId?: string | undefined };

/** What only looks. */
export function describing(kernel: Kernel, { all, named }: FileSystems) {
  return {
    DescribeFileSystems: ({ FileSystemId, CreationToken }: Efs.DescribeFileSystemsRequest) => ({
      FileSystems: (FileSystemId === undefined ? [...all.values()] : [named(FileSystemId)])
        .filter(({ token }) => token === (CreationToken ?? token))
        .map((each) => described(kernel, each)),
    }),
    DescribeMountTargets: ({ FileSystemId }: Efs.DescribeMountTargetsRequest): Efs.DescribeMountTargetsResponse => ({
      MountTargets: named(FileSystemId).mountTargets.map(({ id, subnetId, ipAddress, state }) => ({
        ...{ MountTargetId: id, FileSystemId, SubnetId: subnetId, IpAddress: ipAddress, LifeCycleState: state },
      })),
    }),
    DescribeMountTargetSecurityGroups: ({ MountTargetId }: Efs.DescribeMountTargetSecurityGroupsRequest) => {
      const target = [...all.values()]
        .flatMap(({ mountTargets }) => mountTargets)
        .find(({ id }) => id === MountTargetId);
      if (target === undefined) throw new ApiError('MountTargetNotFound', `${MountTargetId} does not exist.`, 404);
      return { SecurityGroups: [...target.securityGroups] };
    },
    DescribeBackupPolicy: ({ FileSystemId }: Request): Efs.BackupPolicyDescription => {
      const { backupPolicy: Status } = named(FileSystemId);
      if (Status === undefined) throw new ApiError('PolicyNotFound', 'No backup policy exists.', 404);
      return { BackupPolicy: { Status } };
    },
    DescribeReplicationConfigurations: ({ FileSystemId }: Request) => replication(kernel, named(FileSystemId)),
    DescribeLifecycleConfiguration: ({ FileSystemId }: Request): Efs.LifecycleConfigurationDescription => ({
      LifecyclePolicies: [...named(FileSystemId).lifecycle],
    }),
    DescribeFileSystemPolicy: ({ FileSystemId }: Request): Efs.FileSystemPolicyDescription => {
      const { policy: Policy } = named(FileSystemId);
      if (Policy === undefined) throw new ApiError('PolicyNotFound', 'No policy exists.', 404);
      return { Policy };
    },
    DescribeAccessPoints: ({ FileSystemId }: Request): Efs.DescribeAccessPointsResponse => ({
      AccessPoints: named(FileSystemId).accessPoints.map(({ id, token: _, tags, ...as }) => ({
        ...{ AccessPointId: id, ...as, Tags: tagList(tags) },
      })),
    }),
  };
}

function replication(kernel: Kernel, { id, arn, replicas }: FileSystem): Efs.DescribeReplicationConfigurationsResponse {
  if (replicas.length === 0) throw new ApiError('ReplicationNotFound', `${id} is not replicated.`, 404);
  const Destinations = replicas.map((replica) => ({
    ...{ Status: 'ENABLED' as const, FileSystemId: replica, Region: 'eu-central-1' },
  }));
  const of = { SourceFileSystemId: id, SourceFileSystemArn: arn, OriginalSourceFileSystemArn: arn };
  const made = { SourceFileSystemRegion: kernel.regionName, CreationTime: new Date(kernel.clock.nowMs()) };
  return { Replications: [{ ...of, ...made, Destinations }] };
}

export function described(kernel: Kernel, system: FileSystem): Efs.FileSystemDescription {
  const { id, arn, token, files, tags, settings, createdMs, mountTargets } = system;
  return {
    ...{ FileSystemId: id, FileSystemArn: arn, OwnerId: kernel.account, CreationToken: token },
    CreationTime: new Date(createdMs),
    LifeCycleState: 'available',
    NumberOfMountTargets: mountTargets.length,
    SizeInBytes: { Value: [...files.values()].reduce((sum, text) => sum + text.length, 0) },
    PerformanceMode: 'generalPurpose',
    Encrypted: true,
    KmsKeyId: `arn:aws:kms:${kernel.regionName}:${kernel.account}:key/0efs`,
    ThroughputMode: 'bursting',
    Tags: tagList(tags),
    ...settings,
  };
}
