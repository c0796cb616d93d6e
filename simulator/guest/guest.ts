import type { Clock } from '../kernel/clock.ts';
import type { Random } from '../kernel/random.ts';
import { type Application, type ApplicationSpec, createApplication, writeTransaction } from './application.ts';
import { corruptDisk, type Disk, wipeDisk } from './disk.ts';
import { type FreezeOutcome, type MountedFileSystem, mountFileSystem } from './file-system.ts';
import { type Judgement, judgeApplication } from './judge-application.ts';
import { advanceWriters } from './passing-time.ts';

/** A program that is installed in a guest under a path; a bare number is its exit code. */
export type GuestProgram = (guest: Guest) => Promise<number | ProgramResult> | number | ProgramResult;

export interface ProgramResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Thrown into programs whose machine went down under them; whoever ran them never hears of them again. */
export class GuestGone extends Error {
  override readonly name = 'GuestGone';
}

export interface GuestOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly rootDevice: string;
  /** fstab: device -> mount point; every line is `nofail` but the root's. The root must be mounted on `/`. */
  readonly mounts: Readonly<Record<string, string>>;
  readonly applications?: readonly ApplicationSpec[];
  /** Told after a file system was unmounted while the machine runs. */
  readonly onUnmount?: () => void;
}

/** One application as `inspect` shows it. */
export interface ApplicationReport {
  readonly name: string;
  /** `blocked`: hanging on a frozen file system. */
  readonly status: 'running' | 'held' | 'failed' | 'stopped' | 'blocked';
  /** What the disks held when the machine last booted: how consistent the copy was that it was started from. */
  readonly found: Judgement | undefined;
  /** Last transaction in each file as the application itself reads it now. */
  readonly current: readonly (string | undefined)[];
}

export interface GuestReport {
  readonly state: 'off' | 'up' | 'failed';
  readonly mounts: readonly {
    readonly device: string;
    readonly mountPoint: string;
    readonly frozen: boolean;
    readonly foundJournal: Disk['journal'];
  }[];
  readonly applications: readonly ApplicationReport[];
}

/** An instance's operating system as far as consistency goes. All times are virtual, epoch milliseconds. */
export interface Guest {
  readonly clock: Clock;
  readonly random: Random;
  /** What programs keep in /run: gone with a stop or reboot. */
  readonly memory: Map<string, unknown>;
  state(): 'off' | 'up' | 'failed';
  boot(): void;
  /** Ordered: applications stop, buffers are flushed, file systems unmounted. */
  shutdown(): void;
  /** Cut: buffers are lost. */
  powerOff(): void;
  /** Ordered restart in place; thaws everything, kills timers and programs. */
  reboot(): void;
  /** A disk appears under a device name; mounted only by `mount` or at the next boot. */
  attach(device: string, disk: Disk): void;
  /** A disk is pulled out. When it is mounted, its buffers are lost. */
  detach(device: string): void;
  isMounted(device: string): boolean;
  mount(device: string, mountPoint: string): boolean;
  unmount(mountPoint: string): boolean;
  /** Mount points, root first. */
  mountPoints(): readonly string[];
  freeze(mountPoint: string): FreezeOutcome | 'ENOENT';
  thaw(mountPoint: string): FreezeOutcome | 'ENOENT';
  isFrozen(mountPoint: string): boolean;
  /** Absolute path -> content as a program in the guest sees it. */
  read(path: string): string | undefined;
  /** Waits while the file system is frozen; throws when nothing is mounted there. */
  write(path: string, content: string): Promise<void>;
  /** sync(1): all buffers of file systems that are not frozen reach their disks. */
  sync(): void;
  /** Brings writers and write-back up to this instant; to be called before anybody looks at a disk. */
  catchUp(): void;
  holdApplication(name: string): boolean;
  resumeApplication(name: string): void;
  installProgram(path: string, program: GuestProgram): void;
  /** Exit code 127 when nothing is installed there. */
  runProgram(path: string): Promise<ProgramResult>;
  /** Virtual sleep that ends in `GuestGone` when the machine goes down meanwhile. */
  sleep(ms: number): Promise<void>;
  /** A timer of the guest's own: independent of the region, dies with the machine. Returns cancel. */
  timerAt(timeMs: number, run: () => void | Promise<void>): () => void;
  inspect(): GuestReport;
  /** Judges applications from other disks than those attached (e.g. a snapshot's), by device name. */
  judge(disks: ReadonlyMap<string, Disk>): readonly (Judgement & { readonly name: string })[];
  /** Disaster: every file on the device is scrambled. */
  corrupt(device: string): void;
  /** Disaster: the file system is gone, with all files. */
  wipe(device: string): void;
}

export function createGuest(options: GuestOptions): Guest {
  const { clock, random } = options;
  const disks = new Map<string, Disk>();
  const mounted = new Map<string, MountedFileSystem>();
  const programs = new Map<string, GuestProgram>();
  const memory = new Map<string, unknown>();
  const timers = new Set<() => void>();
  const found = new Map<string, Judgement>();
  let state: 'off' | 'up' | 'failed' = 'off';
  let caughtUpMs = clock.nowMs();
  let bootCount = 0;

  const longestFirst = () => [...mounted.values()].sort((a, b) => b.mountPoint.length - a.mountPoint.length);
  const locate = (path: string) => {
    const fileSystem = longestFirst().find((each) => isUnder(path, each.mountPoint));
    return fileSystem && { fileSystem, path: innerPath(path, fileSystem.mountPoint) };
  };
  const applications: Application[] = (options.applications ?? []).map((spec) => createApplication(spec, locate));
  const named = (name: string) => applications.find((each) => each.spec.name === name);
  const at = (mountPoint: string) => [...mounted.values()].find((each) => each.mountPoint === mountPoint);

  const catchUp = () => {
    const nowMs = clock.nowMs();
    advanceWriters(applications, [...mounted.values()], caughtUpMs, nowMs);
    caughtUpMs = nowMs;
  };
  const mount = (device: string, mountPoint: string): boolean => {
    const disk = disks.get(device);
    const fileSystem = disk && !mounted.has(device) ? mountFileSystem(disk, device, mountPoint) : undefined;
    if (fileSystem) {
      mounted.set(device, fileSystem);
    }
    return fileSystem !== undefined;
  };
  const locateOnDisk = (from: ReadonlyMap<string, Disk>) => (path: string) => {
    const lines = Object.entries(options.mounts).sort(([, a], [, b]) => b.length - a.length);
    const line = lines.find(([, mountPoint]) => isUnder(path, mountPoint));
    const disk = line && from.get(line[0]);
    return line && disk && disk.fileSystem !== 'none' ? { disk, path: innerPath(path, line[1]) } : undefined;
  };
  const judge = (from: ReadonlyMap<string, Disk>) =>
    applications.map(({ spec }) => ({ name: spec.name, ...judgeApplication(spec, locateOnDisk(from)) }));

  const down = (end: (fileSystem: MountedFileSystem) => void, next: 'off' | 'failed') => {
    catchUp();
    for (const application of applications) {
      application.stop();
    }
    for (const fileSystem of mounted.values()) {
      end(fileSystem);
    }
    mounted.clear();
    memory.clear();
    for (const cancel of timers) {
      cancel();
    }
    timers.clear();
    bootCount += 1;
    state = next;
  };
  const boot = () => {
    caughtUpMs = clock.nowMs();
    for (const { name, ...judgement } of judge(disks)) {
      found.set(name, judgement);
    }
    for (const [device, mountPoint] of Object.entries(options.mounts)) {
      mount(device, mountPoint);
    }
    state = mounted.has(options.rootDevice) && disks.get(options.rootDevice)?.damaged === false ? 'up' : 'failed';
    if (state === 'up') {
      for (const application of applications) {
        application.start(clock.nowMs());
      }
    }
  };
  const thaw = (mountPoint: string): FreezeOutcome | 'ENOENT' => {
    catchUp();
    const outcome = at(mountPoint)?.thaw() ?? 'ENOENT';
    for (const application of outcome === 'ok' ? applications : []) {
      application.wake(clock.nowMs());
    }
    return outcome;
  };

  const guest: Guest = {
    clock,
    random,
    memory,
    state: () => state,
    boot,
    shutdown: () => down((each) => each.unmount(), 'off'),
    powerOff: () => down((each) => each.lose(), 'off'),
    reboot: () => {
      down((each) => each.unmount(), 'off');
      boot();
    },
    attach: (device, disk) => void disks.set(device, disk),
    detach: (device) => {
      catchUp();
      mounted.get(device)?.lose();
      mounted.delete(device);
      disks.delete(device);
    },
    isMounted: (device) => mounted.has(device),
    mount: (device, mountPoint) => state === 'up' && mount(device, mountPoint),
    unmount: (mountPoint) => {
      catchUp();
      const fileSystem = at(mountPoint);
      fileSystem?.unmount();
      if (!fileSystem) {
        return false;
      }
      mounted.delete(fileSystem.device);
      options.onUnmount?.();
      return true;
    },
    mountPoints: () => [...mounted.values()].map((each) => each.mountPoint),
    freeze: (mountPoint) => {
      catchUp();
      return at(mountPoint)?.freeze() ?? 'ENOENT';
    },
    thaw,
    isFrozen: (mountPoint) => at(mountPoint)?.isFrozen() ?? false,
    read: (path) => {
      catchUp();
      const place = locate(path);
      return place?.fileSystem.read(place.path);
    },
    write: async (path, content) => {
      await locate(path)?.fileSystem.whenThawed();
      const place = locate(path);
      if (!place) {
        throw new Error(`nothing is mounted that holds ${path}`);
      }
      catchUp();
      place.fileSystem.write(place.path, content);
    },
    sync: () => {
      catchUp();
      for (const fileSystem of mounted.values()) {
        fileSystem.flush();
      }
    },
    catchUp,
    holdApplication: (name) => {
      catchUp();
      return named(name)?.hold() ?? false;
    },
    resumeApplication: (name) => {
      catchUp();
      named(name)?.resume(clock.nowMs());
    },
    installProgram: (path, program) => void programs.set(path, program),
    runProgram: async (path) => {
      const program = programs.get(path);
      if (!program) {
        return { exitCode: 127, stdout: '', stderr: `${path}: No such file or directory` };
      }
      const result = await program(guest);
      return typeof result === 'number' ? { exitCode: result, stdout: '', stderr: '' } : result;
    },
    sleep: async (ms) => {
      const boots = bootCount;
      await clock.sleep(ms);
      if (boots !== bootCount) {
        throw new GuestGone('the machine went down while a program slept');
      }
    },
    timerAt: (timeMs, run) => {
      const cancel = clock.at(timeMs, () => {
        timers.delete(cancel);
        return run();
      });
      timers.add(cancel);
      return () => {
        timers.delete(cancel);
        cancel();
      };
    },
    inspect: () => {
      catchUp();
      return {
        state,
        mounts: [...mounted.values()].map((each) => ({
          device: each.device,
          mountPoint: each.mountPoint,
          frozen: each.isFrozen(),
          foundJournal: each.foundJournal,
        })),
        applications: applications.map((each) => ({
          name: each.spec.name,
          status: each.status() === 'running' && each.nextAtMs() === undefined ? 'blocked' : each.status(),
          found: found.get(each.spec.name),
          current: each.spec.files.map((path) => guest.read(path)),
        })),
      };
    },
    judge,
    corrupt: (device) => destroy(device, corruptDisk),
    wipe: (device) => destroy(device, wipeDisk),
  };

  function destroy(device: string, how: (disk: Disk) => void): void {
    catchUp();
    mounted.get(device)?.forgetBuffers();
    const disk = disks.get(device);
    if (disk) {
      how(disk);
    }
    for (const application of applications) {
      if (application.spec.files.some((path) => locate(path)?.fileSystem.device === device)) {
        application.stop();
      }
    }
  }

  return guest;
}

/** Lays down the applications' first transaction, as an installation would, on disks by device name. */
export function installApplications(
  options: Pick<GuestOptions, 'mounts' | 'applications'>,
  disks: ReadonlyMap<string, Disk>,
): void {
  const lines = Object.entries(options.mounts).sort(([, a], [, b]) => b.length - a.length);
  for (const path of (options.applications ?? []).flatMap((spec) => spec.files)) {
    const line = lines.find(([, mountPoint]) => isUnder(path, mountPoint));
    const disk = line && disks.get(line[0]);
    if (line && disk && !disk.files.has(innerPath(path, line[1]))) {
      disk.files.set(innerPath(path, line[1]), writeTransaction(0));
    }
  }
}

function isUnder(path: string, mountPoint: string): boolean {
  return mountPoint === '/' || path === mountPoint || path.startsWith(`${mountPoint}/`);
}

function innerPath(path: string, mountPoint: string): string {
  return mountPoint === '/' ? path : path.slice(mountPoint.length);
}
