import type { Guest } from '../guest.ts';
import type { ScriptModel } from '../programs.ts';
import { runHold } from './run-hold.ts';

/** Writing out what is not on disk yet: a checkpoint, a flush, a save. */
const WRITE_OUT_MS = 400;

/**
 * Model of the hooks that talk to a database server themselves: parameters action, run, deadlineSeconds, and those of the server, of which
 * there is no model. The machine's applications are the server: all are held, and everything is on disk.
 * @param kind the script's marker
 * @param how as the script would say it
 */
export const databaseHook =
  (kind: string, how: string): ScriptModel =>
  (guest, parameters) =>
    runHold(guest, parameters, {
      kind,
      prepare: () => silent(guest),
      holdStill: () => holdAll(guest),
      letGo: () => letGo(guest),
      note: how,
    });

const silent = (guest: Guest): readonly string[] =>
  guest
    .inspect()
    .applications.filter(({ status }) => status !== 'running' && status !== 'held')
    .map(({ name, status }) => `the server does not answer: ${name} is ${status}`);

async function holdAll(guest: Guest): Promise<string | undefined> {
  await guest.sleep(WRITE_OUT_MS);
  for (const { name, status } of guest.inspect().applications) {
    if (status !== 'running' || !guest.holdApplication(name)) {
      return `holdfast: the server does not answer: ${name} is ${status}`;
    }
  }
  return undefined;
}

function letGo(guest: Guest): boolean {
  for (const { name } of guest.inspect().applications) {
    guest.resumeApplication(name);
  }
  return true;
}
