/**
 * EFS: file systems as far as backups and restores see them. Their content is a map from path to text; AWS Backup reads it file by file, so what is
 * written meanwhile may or may not be in the copy.
 */
import type { Kernel, Service } from '../../kernel/service.ts';
import { efsAccess } from './access.ts';
import { changing, type EfsOptions } from './changing.ts';
import { describing } from './describing.ts';
import { createFileSystems, type FileSystem, type FileSystemSpec } from './file-systems.ts';

export interface EfsService extends Service {
  readonly world: {
    /** Makes one that is available at once, with a mount target, an access point and a lifecycle. */
    create(spec: FileSystemSpec): void;
    /** @throws Error when there is none */
    fileSystem(id: string): FileSystem;
    fileSystems(): readonly FileSystem[];
    byArn(resourceArn: string): FileSystem | undefined;
    /** Files as whoever mounts the file system of the mount target at this address sees them. */
    mountedFrom(ipAddress: string): Map<string, string> | undefined;
  };
}

export function createEfs(kernel: Kernel, options: EfsOptions = {}): EfsService {
  const systems = createFileSystems(kernel);
  const { all, named } = systems;
  const create = (spec: FileSystemSpec): void => {
    const system = systems.add({ ...spec, settings: { ThroughputMode: 'elastic', ...spec.settings } });
    systems.newMountTarget(system, 'subnet-0a', ['sg-0efs']).state = 'available';
    const tags = new Map([['Name', 'app']]);
    const [id, as] = [spec.id.replace('fs-', 'fsap-'), { PosixUser: { Uid: 1000, Gid: 1000 } }];
    system.accessPoints.push({ id, token: id, tags, ...as, RootDirectory: { Path: '/data' } });
    system.lifecycle = [{ TransitionToIA: 'AFTER_30_DAYS' }];
  };
  const find = (is: (system: FileSystem) => boolean) => [...all.values()].find(is);
  return {
    name: 'elasticfilesystem',
    client: () => import('@aws-sdk/client-efs'),
    operations: {
      ...describing(kernel, systems),
      ...changing(kernel, systems, options),
      // No calls of the API's: what AWS Backup asks for in its roles.
      Backup: ({ FileSystemId }: { readonly FileSystemId: string }) => void named(FileSystemId),
      Restore: ({ FileSystemId }: { readonly FileSystemId: string }) => void named(FileSystemId),
    },
    access: (operation, input) => efsAccess(kernel, systems, operation, Object(input)),
    world: {
      create,
      fileSystem: named,
      fileSystems: () => [...all.values()],
      byArn: (resourceArn) => find(({ arn }) => arn === resourceArn),
      mountedFrom: (address) =>
        find(({ mountTargets }) =>
          mountTargets.some(({ ipAddress, state }) => ipAddress === address && state === 'available'),
        )?.files,
    },
  };
}
