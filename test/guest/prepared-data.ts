import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { clonePool } from './clone-pool.ts';

const prepared = new Map<string, string>();

/**
 * Lays down a new server's data, which is made once, in the clone pool, and copied from then on.
 * @param make fills an empty folder that belongs to the server's user
 * @param target does not exist yet
 */
export function layDown(user: string, make: (folder: string) => void, target: string): void {
  let folder = prepared.get(user);
  if (folder === undefined) {
    folder = mkdtempSync(join(clonePool(), `${user}-`));
    execFileSync('chown', [user, folder]);
    make(folder);
    prepared.set(user, folder);
  }
  execFileSync('cp', ['-a', folder, target]);
}
