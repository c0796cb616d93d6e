import type { Guest } from '../guest.ts';
import type { ScriptModel } from '../programs.ts';
import { checkHold, failure, releaseHold } from './hold.ts';
import { quiesceBy } from './quiesce-by.ts';

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
  async (guest, parameters) => {
    const { action, run = '' } = parameters;
    switch (action) {
      case 'quiesce':
        return quiesceBy(guest, parameters, { kind, hold: () => hold(guest), letGo: () => letGo(guest), note: how });
      case 'release':
        return releaseHold(guest, kind, run, () => letGo(guest));
      case 'check':
        return checkHold(guest, kind);
      default:
        return failure(2, `unknown action ${action}`);
    }
  };

async function hold(guest: Guest): Promise<string | undefined> {
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
