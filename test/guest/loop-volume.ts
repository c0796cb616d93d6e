import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

export const run = promisify(execFile);
export type FileSystemType = 'ext4' | 'xfs';

/** A file system of its own on a loop device: the only thing that these tests may freeze. */
export interface LoopVolume {
  readonly mount: string;
  readonly image: string;
  /** Whether a new file can be written within `waitMs` (default 400). A writer that hangs goes on after the thaw. */
  writable(waitMs?: number): Promise<boolean>;
  /** Thaws, unmounts, frees the loop device and deletes the image. */
  remove(): void;
}

/** XFS refuses less than 300 MB. */
const sizes = { ext4: '32M', xfs: '320M' } as const;

export function loopVolume(type: FileSystemType): LoopVolume {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-volume-'));
  const image = join(folder, 'image');
  const mount = join(folder, 'mount');
  mkdirSync(mount);
  execFileSync('truncate', ['-s', sizes[type], image]);
  execFileSync(`mkfs.${type}`, ['-q', image]);
  execFileSync('mount', ['-o', 'loop', image, mount]);
  return {
    mount,
    image,
    writable: (waitMs = 400) => writable(mount, waitMs),
    remove: () => {
      thaw(mount);
      execFileSync('umount', [mount]);
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

/** Waits until `condition` holds. */
export async function until(condition: () => boolean | Promise<boolean>, patienceMs = 10_000): Promise<void> {
  const end = Date.now() + patienceMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`Not so after ${patienceMs} ms`);
    await pause(20);
  }
}
