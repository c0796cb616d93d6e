import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { unmount } from './unmount.ts';

export const run = promisify(execFile);
export type FileSystemType = 'ext4' | 'xfs';

/** A file system of its own on a loop device: the only thing that these tests may freeze. */
export interface LoopVolume {
  readonly mount: string;
  readonly image: string;
  /** Whether a new file can be written within `waitMs` (default 400). A writer that hangs goes on after the thaw. */
  writable(waitMs?: number): Promise<boolean>;
  /** Copies the image as it is at one instant, as a snapshot would: what the file system has not written to its device is not in it. */
  copy(): Promise<string>;
  /** Unmounts, and mounts a copy in the same place. */
  replaceBy(copy: string): void;
  /** Thaws, unmounts, frees the loop device and deletes the image. */
  remove(): void;
}

/** MiB; XFS refuses less than 300. */
const leastSizes = { ext4: 32, xfs: 320 } as const;

/**
 * @param sizeMib of the image, which is sparse
 * @param parent folder for it; to be copied while it is written to, it needs `clonePool()`
 */
export function loopVolume(
  type: FileSystemType,
  sizeMib: number = leastSizes[type],
  parent: string = tmpdir(),
): LoopVolume {
  const folder = mkdtempSync(join(parent, 'holdfast-volume-'));
  const image = join(folder, 'image');
  const mount = join(folder, 'mount');
  chmodSync(folder, 0o755); // Servers are users of their own.
  mkdirSync(mount);
  execFileSync('truncate', ['-s', `${sizeMib}M`, image]);
  execFileSync(`mkfs.${type}`, ['-q', image]);
  execFileSync('mount', ['-o', 'loop', image, mount]);
  return {
    mount,
    image,
    copy: async () => {
      const copy = join(folder, `copy-${Date.now()}`);
      await run('cp', ['--reflink=always', image, copy]);
      return copy;
    },
    replaceBy: (copy) => {
      unmount(mount);
      execFileSync('mount', ['-o', 'loop', copy, mount]);
    },
    writable: (waitMs = 400) => writable(mount, waitMs),
    remove: () => {
      thaw(mount);
      unmount(mount);
      rmSync(folder, { recursive: true });
    },
  };
}

let files = 0;

async function writable(mount: string, waitMs: number): Promise<boolean> {
  files += 1;
  const writer = spawn('sh', ['-c', `echo written >${mount}/probe-${files}`], { stdio: 'ignore' });
  const written = new Promise<boolean>((resolve) => writer.once('exit', () => resolve(true)));
  return Promise.race([written, pause(waitMs, false)]);
}

/** Also when it is not frozen. */
export function thaw(mount: string): void {
  try {
    execFileSync('fsfreeze', ['-u', mount], { stdio: 'ignore' });
  } catch {
    // It was not frozen.
  }
}

/** An ext4 becomes read-only, as after an I/O error, whoever has files open in it. */
export function failFileSystem(mount: string): void {
  const device = execFileSync('findmnt', ['-n', '-o', 'SOURCE', mount], { encoding: 'utf8' }).trim();
  execFileSync('mount', ['-o', 'remount,errors=remount-ro', mount]);
  writeFileSync(`/sys/fs/ext4/${basename(device)}/trigger_fs_error`, 'as after an I/O error');
}

/** A number of MiB of zeros, or as much as there is room for. */
export function fill(mount: string, mib = 10_000): () => void {
  const filler = join(mount, 'filler');
  spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=1M', `count=${mib}`, 'status=none']);
  return () => rmSync(filler);
}

/** Waits until `condition` holds. */
export async function until(condition: () => boolean | Promise<boolean>, patienceMs = 10_000): Promise<void> {
  const end = Date.now() + patienceMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`Not so after ${patienceMs} ms`);
    await pause(20);
  }
}
