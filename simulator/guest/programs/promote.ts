import type { Guest, ProgramResult } from '../guest.ts';
import { matcherOf } from './clean-up-hook.ts';

/** A mount, and renames of what lies at the top. */
const promoteMs = 400;
const stays = /^aws-backup-(lost\+found|restore_|failed-restore_)/;

type Files = Map<string, string>;

/**
 * Model of the script that moves restored files of EFS to their place: parameter `server`, the address of a mount target, and `action`; then `roots`, `files` and
 * `folders` of temporary ones, which go.
 */
export async function runPromote(
  guest: Guest,
  { server = '', action = 'promote', ...temporary }: Readonly<Record<string, string>>,
): Promise<ProgramResult> {
  await guest.sleep(promoteMs);
  const files = guest.mountNfs(server);
  if (files === undefined) return { exitCode: 1, stdout: '', stderr: `holdfast: cannot mount ${server}:/\n` };
  if (action === 'doctor') return { exitCode: 0, stdout: '', stderr: '' };
  const moved = move(files);
  if (moved.exitCode === 0) purge(files, temporary);
  return moved;
}

function move(files: Files): ProgramResult {
  const folder = [...files.keys()].map((path) => /^\/aws-backup-restore_[^/]+/.exec(path)?.[0]).find(Boolean);
  if (folder === undefined) return { exitCode: 0, stdout: 'nothing to move\n', stderr: '' };
  const inside = [...files.keys()]
    .filter((path) => path.startsWith(`${folder}/`) && !stays.test(path.slice(folder.length + 1)))
    .map((from) => ({ from, to: from.slice(folder.length) }));
  const top = (path: string) => `/${path.split('/')[1]}`;
  const taken = inside.find(({ to }) => [...files.keys()].some((path) => top(path) === top(to)));
  if (taken !== undefined) {
    return { exitCode: 1, stdout: '', stderr: `holdfast: ${top(taken.to)} is there already, and is not replaced\n` };
  }
  for (const { from, to } of inside) {
    files.set(to, files.get(from) ?? '');
    files.delete(from);
  }
  return { exitCode: 0, stdout: `moved to the root from ${folder.slice(1)}\n`, stderr: '' };
}

function purge(files: Files, temporary: Readonly<Record<string, string>>): void {
  const isTemporary = matcherOf(temporary);
  for (const path of [...files.keys()].filter((each) => isTemporary(each) && !stays.test(each.slice(1))))
    files.delete(path);
}
