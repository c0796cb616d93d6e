/** A copy of the repository to which a kind is added by its own folders alone (`test/new-kind`). The kind is of a service that AWS does not have. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface AddedKind {
  /** Of the copy, with the kind's folders in it and `npm run kinds` run. */
  readonly directory: string;
  /** Files that were added, by their paths in the repository. */
  readonly own: readonly string[];
  /** Files that were there before and are not as they were. */
  readonly changed: readonly string[];
  remove(): void;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const added = join(root, 'test', 'new-kind');
const left = ['.git', 'cdk.out', 'dist', 'node_modules'];

const filesOf = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => statSync(join(folder, file)).isFile());

export function addKind(): AddedKind {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-new-kind-'));
  cpSync(root, directory, { recursive: true, filter: (file) => !left.includes(relative(root, file)) });
  rmSync(join(directory, 'test', 'new-kind'), { recursive: true });
  cpSync(added, directory, { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
  for (const script of ['cli/write-kinds.ts', 'cli/write-schema.ts'])
    execFileSync(process.execPath, [script], { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
  const own = filesOf(added);
  const remove = () => rmSync(directory, { recursive: true, force: true });
  return { directory, own, changed: changedIn(directory, new Set(own)), remove };
}

function changedIn(directory: string, own: ReadonlySet<string>): readonly string[] {
  const rooms = readdirSync(directory).filter((name) => !left.includes(name));
  return rooms
    .flatMap((room) =>
      statSync(join(directory, room)).isFile()
        ? [room]
        : filesOf(join(directory, room)).map((file) => join(room, file)),
    )
    .filter((file) => !own.has(file) && !readFileSync(join(directory, file)).equals(readFileSync(join(root, file))))
    .toSorted();
}
