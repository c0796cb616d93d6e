import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';

const prepared = new Map<string, string>();

/**
 * Lays down a new server's data, which is made once and copied from then on.
 * @param make fills an empty folder that belongs to the server's user
 * @param target does not exist yet
 */
export function layDown(user: string, make: (folder: string) => void, target: string): void {
  let folder = prepared.get(user);
  if (folder === undefined) {
    folder = mkdtempSync(`/tmp/holdfast-${user}-`);
    execFileSync('chown', [user, folder]);
    make(folder);
    prepared.set(user, folder);
    const made = folder;
    process.once('exit', () => rmSync(made, { recursive: true }));
  }
  execFileSync('cp', ['-a', folder, target]);
}
