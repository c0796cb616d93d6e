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

/** Mounts a disk; a disk without a readable file system gives undefined, as `nofail` in fstab skips it. */
export function mountFileSystem(disk: Disk, device: string, mountPoint: string): MountedFileSystem | undefined {
  if (disk.fileSystem === 'none' || disk.damaged) {
    return undefined;
  }
  const foundJournal = disk.journal;
  const buffers = new Map<string, string>();
  let frozen = false;
  let waiting: (() => void)[] = [];
  disk.journal = 'dirty';

  const flush = () => {
    for (const [path, content] of buffers) {
      disk.files.set(path, content);
      disk.writes += 1;
    }
    buffers.clear();
  };
  const wake = () => {
    const woken = waiting;
    waiting = [];
    for (const resume of woken) {
      resume();
    }
  };
  return {
    device,
    mountPoint,
    foundJournal,
    isFrozen: () => frozen,
    write: (path, content) => void buffers.set(path, content),
    read: (path) => buffers.get(path) ?? disk.files.get(path),
    flush,
    freeze: () => {
      if (frozen) {
        return 'EBUSY';
      }
      flush();
      disk.journal = 'clean';
      frozen = true;
      return 'ok';
    },
    thaw: () => {
      if (!frozen) {
        return 'EINVAL';
      }
      frozen = false;
      disk.journal = 'dirty';
      wake();
      return 'ok';
    },
    whenThawed: () => (frozen ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve()),
    unmount: () => {
      flush();
      disk.journal = 'clean';
      frozen = false;
      wake();
    },
    lose: () => {
      buffers.clear();
      frozen = false;
    },
    forgetBuffers: () => buffers.clear(),
  };
}
