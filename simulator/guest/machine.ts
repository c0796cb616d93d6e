import { type Application, createApplication, type Place, writeTransaction } from './application.ts';
import type { Disk } from './disk.ts';
import { type MountedFileSystem, mountFileSystem } from './file-system.ts';
import type { GuestOptions, GuestProgram } from './guest.ts';
import type { Judgement, LocateOnDisk } from './judge-application.ts';
import { advanceWriters } from './passing-time.ts';

/** The inside of a guest, which its parts (power, files, programs, inspection) share. */
export interface Machine {
  readonly options: GuestOptions;
  /** Device -> attached disk. */
  readonly disks: Map<string, Disk>;
  /** Device -> mounted file system. */
  readonly mounted: Map<string, MountedFileSystem>;
  readonly applications: readonly Application[];
  readonly programs: Map<string, GuestProgram>;
  readonly memory: Map<string, unknown>;
  /** Cancels of the guest's own timers. */
  readonly timers: Set<() => void>;
  /** Whether timers live to fire. */
  timersLive: boolean;
  /** Application -> what the disks said about it at the last boot. */
  readonly found: Map<string, Judgement>;
  state: 'off' | 'up' | 'failed';
  caughtUpMs: number;
  bootCount: number;
}

export function createMachine(options: GuestOptions): Machine {
  const mounted = new Map<string, MountedFileSystem>();
  const specs = options.applications ?? [];
  return {
    options,
    disks: new Map(),
    mounted,
    applications: specs.map((spec) => createApplication(spec, (path) => placeIn(mounted, path))),
    programs: new Map(),
    memory: new Map(),
    timers: new Set(),
    timersLive: true,
    found: new Map(),
    state: 'off',
    caughtUpMs: options.clock.nowMs(),
    bootCount: 0,
  };
}

/** Plays what writers and write-back did until now. */
export function catchUp(machine: Machine): void {
  const nowMs = machine.options.clock.nowMs();
  advanceWriters(machine.applications, [...machine.mounted.values()], machine.caughtUpMs, nowMs);
  machine.caughtUpMs = nowMs;
}

/** Mounts an attached disk; false when there is none, it is mounted already, or it holds no file system. */
export function mountDevice(machine: Machine, device: string, mountPoint: string): boolean {
  const disk = machine.disks.get(device);
  const fileSystem = disk && !machine.mounted.has(device) ? mountFileSystem(disk, device, mountPoint) : undefined;
  if (fileSystem) {
    machine.mounted.set(device, fileSystem);
  }
  return fileSystem !== undefined;
}

export function mountedAt(machine: Machine, mountPoint: string): MountedFileSystem | undefined {
  return [...machine.mounted.values()].find((each) => each.mountPoint === mountPoint);
}

/** Where a path lives among the mounted file systems: the longest mount point wins. */
export function placeIn(mounted: ReadonlyMap<string, MountedFileSystem>, path: string): Place | undefined {
  let found: MountedFileSystem | undefined;
  for (const each of mounted.values()) {
    const isLonger = each.mountPoint.length > (found?.mountPoint.length ?? -1);
    if (isLonger && isUnder(path, each.mountPoint)) found = each;
  }
  return found && { fileSystem: found, path: innerPath(path, found.mountPoint) };
}

/** Where a path would live among disks if each were mounted as fstab says. */
export function locateByFstab(mounts: GuestOptions['mounts'], disks: ReadonlyMap<string, Disk>): LocateOnDisk {
  const longestFirst = Object.entries(mounts).sort(([, a], [, b]) => b.length - a.length);
  return (path) => {
    const [device, mountPoint = ''] = longestFirst.find(([, each]) => isUnder(path, each)) ?? [];
    const disk = disks.get(device ?? '');
    return disk && disk.fileSystem !== 'none' ? { disk, path: innerPath(path, mountPoint) } : undefined;
  };
}

/** Lays down the applications' first transaction, as an installation would, on disks by device name. */
export function installApplications(
  options: Pick<GuestOptions, 'mounts' | 'applications'>,
  disks: ReadonlyMap<string, Disk>,
): void {
  const locate = locateByFstab(options.mounts, disks);
  for (const path of (options.applications ?? []).flatMap((spec) => spec.files)) {
    const place = locate(path);
    if (place && !place.disk.files.has(place.path)) {
      place.disk.files.set(place.path, writeTransaction(0));
    }
  }
}

function isUnder(path: string, mountPoint: string): boolean {
  return mountPoint === '/' || path === mountPoint || path.startsWith(`${mountPoint}/`);
}

function innerPath(path: string, mountPoint: string): string {
  return mountPoint === '/' ? path : path.slice(mountPoint.length);
}
