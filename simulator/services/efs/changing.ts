import type * as Efs from '@aws-sdk/client-efs';
import { ApiError, type Kernel } from '../../kernel/service.ts';
import { described } from './describing.ts';
import type { FileSystem, FileSystems } from './file-systems.ts';

export interface EfsOptions {
  /** Until a mount target is available: the network interface is made first. Default 90 s. */
  readonly mountTargetMs?: number;
  /** Of a change of the throughput. Default 60 s. */
  readonly updateMs?: number;
}

/** What changes a file system. While it is `updating` it takes no other change. */
export function changing(
  kernel: Kernel,
  systems: FileSystems,
  { mountTargetMs = 90_000, updateMs = 60_000 }: EfsOptions,
) {
  const { clock, random } = kernel;
  const ids = random.fork('efs');
  const free = (id: string | undefined): FileSystem => {
    const system = systems.named(id);
    const state = system.settings.LifeCycleState ?? 'available';
    if (state === 'available') return system;
    throw new ApiError('IncorrectFileSystemLifeCycleState', `${id} is ${state}.`, 409);
  };
  return {
    CreateFileSystem: (input: Efs.CreateFileSystemRequest): Efs.FileSystemDescription => {
      const { CreationToken = ids.hex(8), Encrypted = false, KmsKeyId, PerformanceMode, AvailabilityZoneName } = input;
      const taken = [...systems.all.values()].some(({ token }) => token === CreationToken);
      if (taken) throw new ApiError('FileSystemAlreadyExists', `${CreationToken} exists already.`, 409);
      const named = Object.entries({ KmsKeyId, PerformanceMode, AvailabilityZoneName });
      const given = Object.fromEntries(named.filter(([, value]) => value !== undefined));
      // One Zone has automatic backups unless told otherwise.
      const backups = AvailabilityZoneName === undefined ? {} : { backupPolicy: 'ENABLED' as const };
      const spec = { id: `fs-${ids.hex(17)}`, settings: { Encrypted, ...given }, ...backups };
      return described(kernel, systems.add(spec, CreationToken));
    },
    CreateMountTarget: ({
      FileSystemId,
      SubnetId = '',
      SecurityGroups = ['sg-default'],
    }: Efs.CreateMountTargetRequest) => {
      const system = free(FileSystemId);
      if (system.mountTargets.some(({ subnetId }) => subnetId === SubnetId)) {
        throw new ApiError('MountTargetConflict', `There is a mount target in ${SubnetId}.`, 409);
      }
      const target = systems.newMountTarget(system, SubnetId, SecurityGroups);
      clock.at(clock.nowMs() + mountTargetMs, () => {
        target.state = 'available';
      });
      return { MountTargetId: target.id, FileSystemId, SubnetId, LifeCycleState: target.state };
    },
    CreateAccessPoint: (input: Efs.CreateAccessPointRequest): Efs.AccessPointDescription => {
      const { FileSystemId, ClientToken: token = '', PosixUser, RootDirectory, Tags = [] } = input;
      const { accessPoints } = free(FileSystemId);
      const known = accessPoints.find((each) => each.token === token);
      if (known !== undefined) return { AccessPointId: known.id, FileSystemId };
      const id = `fsap-${ids.hex(17)}`;
      const tags = new Map(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
      accessPoints.push({
        ...{ id, token, tags },
        ...(PosixUser && { PosixUser }),
        ...(RootDirectory && { RootDirectory }),
      });
      return { AccessPointId: id, FileSystemId };
    },
    UpdateFileSystem: ({ FileSystemId, ...changed }: Efs.UpdateFileSystemRequest) => {
      const system = free(FileSystemId);
      system.settings = { ...system.settings, ...changed, LifeCycleState: 'updating' };
      clock.at(clock.nowMs() + updateMs, () => {
        system.settings = { ...system.settings, LifeCycleState: 'available' };
      });
      return described(kernel, system);
    },
    ...attributes(systems, free),
  };
}

function attributes({ named }: FileSystems, free: (id: string | undefined) => FileSystem) {
  return {
    PutLifecycleConfiguration: ({ FileSystemId, LifecyclePolicies = [] }: Efs.PutLifecycleConfigurationRequest) => {
      free(FileSystemId).lifecycle = LifecyclePolicies;
      return { LifecyclePolicies };
    },
    PutFileSystemPolicy: ({ FileSystemId, Policy }: Efs.PutFileSystemPolicyRequest) => {
      free(FileSystemId).policy = Policy;
      return { FileSystemId, Policy };
    },
    PutBackupPolicy: ({ FileSystemId, BackupPolicy }: Efs.PutBackupPolicyRequest) => {
      free(FileSystemId).backupPolicy = BackupPolicy?.Status;
      return { BackupPolicy };
    },
    TagResource: ({ ResourceId, Tags = [] }: Efs.TagResourceRequest) => {
      const { tags } = named(ResourceId);
      for (const { Key = '', Value = '' } of Tags) tags.set(Key, Value);
      if (tags.size > 50) throw new ApiError('BadRequest', 'A file system has at most 50 tags.');
    },
    UntagResource: ({ ResourceId, TagKeys = [] }: Efs.UntagResourceRequest) => {
      for (const key of TagKeys) named(ResourceId).tags.delete(key);
    },
  };
}
