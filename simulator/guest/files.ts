import { join } from 'node:path/posix';
import { corruptDisk, type Disk, wipeDisk } from './disk.ts';
import type { FreezeOutcome } from './file-system.ts';
import type { Guest } from './guest.ts';
import { catchUp, type Machine, mountDevice, mountedAt, placeIn } from './machine.ts';

type Devices = Pick<
  Guest,
  'attach' | 'detach' | 'isMounted' | 'mount' | 'unmount' | 'mountPoints' | 'corrupt' | 'wipe'
>;
type Contents = Pick<Guest, 'freeze' | 'thaw' | 'isFrozen' | 'read' | 'paths' | 'remove' | 'write' | 'sync'>;
type Writers = Pick<Guest, 'holdApplication' | 'resumeApplication'>;

/** Disks, mounts, files and who writes them. */
export function filesOf(machine: Machine): Devices & Contents & Writers {
  return { ...devicesOf(machine), ...contentsOf(machine), ...writersOf(machine) };
}

function devicesOf(machine: Machine): Devices {
  return {
    attach: (device, disk) => void machine.disks.set(device, disk),
    detach: (device) => {
      catchUp(machine);
      machine.mounted.get(device)?.lose();
      machine.mounted.delete(device);
      machine.disks.delete(device);
    },
    isMounted: (device) => machine.mounted.has(device),
    mount: (device, mountPoint) => machine.state === 'up' && mountDevice(machine, device, mountPoint),
    unmount: (mountPoint) => unmount(machine, mountPoint),
    mountPoints: () => [...machine.mounted.values()].map((each) => each.mountPoint),
    corrupt: (device) => destroy(machine, device, corruptDisk),
    wipe: (device) => destroy(machine, device, wipeDisk),
  };
}

function contentsOf(machine: Machine): Contents {
  return {
    freeze: (mountPoint) => {
      catchUp(machine);
      return mountedAt(machine, mountPoint)?.freeze() ?? 'ENOENT';
    },
    thaw: (mountPoint) => thaw(machine, mountPoint),
    isFrozen: (mountPoint) => mountedAt(machine, mountPoint)?.isFrozen() ?? false,
    read: (path) => {
      catchUp(machine);
      const place = placeIn(machine.mounted, path);
      return place?.fileSystem.read(place.path);
    },
    paths: () => {
      catchUp(machine);
      return [...machine.mounted.values()].flatMap(({ mountPoint, paths }) =>
        paths().map((path) => join(mountPoint, path)),
      );
    },
    remove: (path) => {
      catchUp(machine);
      const place = placeIn(machine.mounted, path);
      place?.fileSystem.remove(place.path);
    },
    write: (path, content) => write(machine, path, content),
    sync: () => {
      catchUp(machine);
      for (const fileSystem of machine.mounted.values()) {
        fileSystem.flush();
      }
    },
  };
}

function writersOf(machine: Machine): Writers {
  const named = (name: string) => machine.applications.find((each) => each.spec.name === name);
  return {
    holdApplication: (name) => {
      catchUp(machine);
      return named(name)?.hold() ?? false;
    },
    resumeApplication: (name) => {
      catchUp(machine);
      named(name)?.resume(machine.options.clock.nowMs());
    },
  };
}

function unmount(machine: Machine, mountPoint: string): boolean {
  catchUp(machine);
  const fileSystem = mountedAt(machine, mountPoint);
  if (!fileSystem) {
    return false;
  }
  fileSystem.unmount();
  machine.mounted.delete(fileSystem.device);
  machine.options.onUnmount?.();
  return true;
}

function thaw(machine: Machine, mountPoint: string): FreezeOutcome | 'ENOENT' {
  catchUp(machine);
  const outcome = mountedAt(machine, mountPoint)?.thaw() ?? 'ENOENT';
  for (const application of outcome === 'ok' ? machine.applications : []) {
    application.wake(machine.options.clock.nowMs());
  }
  return outcome;
}

async function write(machine: Machine, path: string, content: string): Promise<void> {
  await placeIn(machine.mounted, path)?.fileSystem.whenThawed();
  const place = placeIn(machine.mounted, path);
  if (!place) {
    throw new Error(`nothing is mounted that holds ${path}`);
  }
  catchUp(machine);
  place.fileSystem.write(place.path, content);
}

/** Buffers go with the data, and applications that live there stop. */
function destroy(machine: Machine, device: string, how: (disk: Disk) => void): void {
  catchUp(machine);
  machine.mounted.get(device)?.forgetBuffers();
  const disk = machine.disks.get(device);
  if (disk) {
    how(disk);
  }
  for (const application of machine.applications) {
    if (application.spec.files.some((path) => placeIn(machine.mounted, path)?.fileSystem.device === device)) {
      application.stop();
    }
  }
}
