import type { Clock } from '../kernel/clock.ts';
import type { Random } from '../kernel/random.ts';
import type { ApplicationSpec } from './application.ts';
import type { Disk } from './disk.ts';
import type { FreezeOutcome } from './file-system.ts';
import { filesOf } from './files.ts';
import { inspectionOf } from './inspection.ts';
import type { Judgement } from './judge-application.ts';
import { catchUp, createMachine } from './machine.ts';
import { powerOf } from './power.ts';
import { programsOf } from './running-programs.ts';

/** A program that is installed in a guest under a path; a bare number is its exit code. */
export type GuestProgram = (guest: Guest) => Promise<number | ProgramResult> | number | ProgramResult;

export interface ProgramResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
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
  /** Files of the NFS server at an address; undefined: none answers. */
  readonly nfs?: (address: string) => Map<string, string> | undefined;
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
  /** Files of another machine, while they are mounted for a moment; undefined: no server answers. */
  mountNfs(address: string): Map<string, string> | undefined;
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
  /** Absolute paths of all files, as a program in the guest sees them. */
  paths(): readonly string[];
  /** Deletes a file, if it is there; reaches the disk at once. */
  remove(path: string): void;
  hasProgram(path: string): boolean;
  /** By path. */
  programs(): ReadonlyMap<string, GuestProgram>;
  installProgram(path: string, program: GuestProgram): void;
  /** Exit code 127 when nothing is installed there. */
  runProgram(path: string): Promise<ProgramResult>;
  /** Virtual sleep that ends in `GuestGone` when the machine goes down meanwhile. */
  sleep(ms: number): Promise<void>;
  /** A timer of the guest's own: independent of the region, dies with the machine. Returns cancel. */
  timerAt(timeMs: number, run: () => void | Promise<void>): () => void;
  /** Disaster: whatever kills the guest's timers kills them all, those armed from now on as well. */
  killTimers(): void;
  inspect(): GuestReport;
  /** Whether a file system is frozen, an application held: for who looks often, since nothing is played until now. */
  stillness(): { readonly frozen: boolean; readonly held: boolean };
  /** Judges applications from other disks than those attached (e.g. a snapshot's), by device name. */
  judge(disks: ReadonlyMap<string, Disk>): readonly (Judgement & { readonly name: string })[];
  /** Disaster: every file on the device is scrambled. */
  corrupt(device: string): void;
  /** Disaster: the file system is gone, with all files. */
  wipe(device: string): void;
}

/** A machine that is still off, without disks: `attach` them, then `boot`. */
export function createGuest(options: GuestOptions): Guest {
  const machine = createMachine(options);
  const guest: Guest = {
    clock: options.clock,
    random: options.random,
    memory: machine.memory,
    state: () => machine.state,
    catchUp: () => catchUp(machine),
    mountNfs: (address) => options.nfs?.(address),
    ...powerOf(machine),
    ...filesOf(machine),
    ...programsOf(machine, () => guest),
    ...inspectionOf(machine),
  };
  return guest;
}
