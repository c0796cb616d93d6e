import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unmount } from './unmount.ts';

let pool: string | undefined;

/**
 * A folder on an XFS of its own, where a file is copied as of one instant (FICLONE), as a snapshot is: a copy made byte by byte of a
 * volume that is being written to is of no instant at all.
 */
export function clonePool(): string {
  if (pool !== undefined) return pool;
  const home = mkdtempSync(join(tmpdir(), 'holdfast-pool-'));
  const image = join(home, 'image');
  const mount = join(home, 'mount');
  mkdirSync(mount);
  chmodSync(home, 0o755);
  execFileSync('truncate', ['-s', '4G', image]);
  execFileSync('mkfs.xfs', ['-q', '-m', 'reflink=1', image]);
  execFileSync('mount', ['-o', 'loop', image, mount]);
  pool = mount;
  return mount;
}

/** With all that is in it; to be called when the last volume is removed. */
export function removeClonePool(): void {
  if (pool === undefined) return;
  unmount(pool);
  rmSync(dirname(pool), { recursive: true });
  pool = undefined;
}
