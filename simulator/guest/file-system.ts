import type { Disk } from './disk.ts';

/** fsfreeze(8): a second freeze is EBUSY, thawing what is not frozen EINVAL. */
export type FreezeOutcome = 'ok' | 'EBUSY' | 'EINVAL';

/** A file system as the running kernel sees it: page cache above, disk below. */
export interface MountedFileSystem {
  readonly device: string;
  readonly mountPoint: string;
  /** The journal as it was found when mounting: what the disk looked like when the copy was made. */
  readonly foundJournal: Disk['journal'];
  isFrozen(): boolean;
  /** Puts content into the page cache. A caller must not write while frozen: see `whenThawed`. */
  write(path: string, content: string): void;
  read(path: string): string | undefined;
  /** Paths inside it. */
  paths(): readonly string[];
  /** Deletes a file, on the disk too. */
  remove(path: string): void;
  /** Writes all buffers to the disk (sync, or the kernel's own write-back). */
  flush(): void;
  /** Flushes everything, closes the journal, blocks writers. */
  freeze(): FreezeOutcome;
  thaw(): FreezeOutcome;
  /** Resolves at once unless frozen. */
  whenThawed(): Promise<void>;
  /** Clean unmount: flushed, journal closed. */
  unmount(): void;
  /** Power cut or forced detach: buffers are lost, the journal stays open (unless frozen). */
  lose(): void;
  /** Drops buffers so that the disk's present content shows. */
  forgetBuffers(): void;
}

/** What moves in a mounted file system. */
interface Mount {
  readonly disk: Disk;
  /** Path -> content that has not reached the disk. */
  readonly buffers: Map<string, string>;
  frozen: boolean;
  /** Writers that hang until the thaw. */
  waiting: (() => void)[];
}

/** Mounts a disk; one without a file system gives undefined, as `nofail` in fstab skips it. */
export function mountFileSystem(disk: Disk, device: string, mountPoint: string): MountedFileSystem | undefined {
  if (disk.fileSystem === 'none') {
    return undefined;
  }
  const mount: Mount = { disk, buffers: new Map(), frozen: false, waiting: [] };
  const foundJournal = disk.journal;
  disk.journal = 'dirty';
  return {
    device,
    mountPoint,
    foundJournal,
    isFrozen: () => mount.frozen,
    write: (path, content) => void mount.buffers.set(path, content),
    read: (path) => mount.buffers.get(path) ?? disk.files.get(path),
    paths: () => [...new Set([...disk.files.keys(), ...mount.buffers.keys()])],
    remove: (path) => {
      mount.buffers.delete(path);
      disk.files.delete(path);
    },
    flush: () => flush(mount),
    freeze: () => freeze(mount),
    thaw: () => thaw(mount),
    whenThawed: () => (mount.frozen ? new Promise((resolve) => mount.waiting.push(resolve)) : Promise.resolve()),
    unmount: () => {
      flush(mount);
      disk.journal = 'clean';
      wake(mount);
    },
    lose: () => {
      mount.buffers.clear();
      mount.frozen = false;
    },
    forgetBuffers: () => mount.buffers.clear(),
  };
}

function flush({ disk, buffers }: Mount): void {
  for (const [path, content] of buffers) {
    disk.files.set(path, content);
    disk.writes += 1;
  }
  buffers.clear();
}

function freeze(mount: Mount): FreezeOutcome {
  if (mount.frozen) {
    return 'EBUSY';
  }
  flush(mount);
  mount.disk.journal = 'clean';
  mount.frozen = true;
  return 'ok';
}

function thaw(mount: Mount): FreezeOutcome {
  if (!mount.frozen) {
    return 'EINVAL';
  }
  mount.disk.journal = 'dirty';
  wake(mount);
  return 'ok';
}

function wake(mount: Mount): void {
  mount.frozen = false;
  const woken = mount.waiting;
  mount.waiting = [];
  for (const resume of woken) {
    resume();
  }
}
