/** File systems as they are kept: what is in them, and all that hangs on them. */
import type * as Efs from '@aws-sdk/client-efs';
import { arn } from '../../iam/arn.ts';
import { ApiError, type Kernel } from '../../kernel/service.ts';

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

export interface MountTarget {
  readonly id: string;
  readonly subnetId: string;
  readonly ipAddress: string;
  readonly securityGroups: readonly string[];
  state: Efs.LifeCycleState;
}

export interface AccessPoint extends Pick<Efs.AccessPointDescription, 'PosixUser' | 'RootDirectory'> {
  readonly id: string;
  readonly token: string;
  readonly tags: Map<string, string>;
}

export interface FileSystem {
  readonly id: string;
  readonly arn: string;
  readonly token: string;
  readonly createdMs: number;
  /** By path. */
  readonly files: Map<string, string>;
  readonly tags: Map<string, string>;
  readonly replicas: readonly string[];
  readonly mountTargets: MountTarget[];
  readonly accessPoints: AccessPoint[];
  settings: Partial<Efs.FileSystemDescription>;
  backupPolicy: Efs.Status | undefined;
  policy: string | undefined;
  lifecycle: readonly Efs.LifecyclePolicy[];
}

export interface FileSystems {
  readonly all: ReadonlyMap<string, FileSystem>;
  /** Bare, as CreateFileSystem leaves it. */
  add(spec: FileSystemSpec, token?: string): FileSystem;
  /** @throws ApiError when there is none */
  named(id: string | undefined): FileSystem;
  arnOf(id: string): string;
  newMountTarget(system: FileSystem, subnetId: string, securityGroups: readonly string[]): MountTarget;
}

export function createFileSystems(kernel: Kernel): FileSystems {
  const all = new Map<string, FileSystem>();
  const arnOf = (id: string) => arn(kernel, 'elasticfilesystem', `file-system/${id}`);
  let lastAddress = 16;
  return {
    all,
    arnOf,
    add: ({ id, files = {}, tags = {}, settings = {}, backupPolicy, replicas = [], policy }, token = id) => {
      const system: FileSystem = {
        ...{ id, token, arn: arnOf(id), createdMs: kernel.clock.nowMs(), replicas, settings, backupPolicy, policy },
        ...{ files: new Map(Object.entries(files)), tags: new Map(Object.entries(tags)) },
        ...{ mountTargets: [], accessPoints: [], lifecycle: [] },
      };
      all.set(id, system);
      return system;
    },
    named: (id = '') => {
      const found = all.get(id);
      if (found === undefined) throw new ApiError('FileSystemNotFound', `File system '${id}' does not exist.`, 404);
      return found;
    },
    newMountTarget: (system, subnetId, securityGroups) => {
      lastAddress += 1;
      const id = `fsmt-${system.id.slice(3)}${system.mountTargets.length}`;
      const target: MountTarget = {
        id,
        subnetId,
        securityGroups,
        ipAddress: `10.0.0.${lastAddress}`,
        state: 'creating',
      };
      system.mountTargets.push(target);
      return target;
    },
  };
}
