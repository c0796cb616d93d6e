import type { Guest, ProgramResult } from '../guest.ts';
import { checkHold, failure, releaseHold } from './hold.ts';
import { quiesceBy } from './quiesce-by.ts';

const KIND = 'command-hook';

/**
 * Model of the command hook: parameters action, run, deadlineSeconds, quiesceScript, releaseScript. The machine's own programs hold the
 * application; the protocol is that of the file system hook.
 */
export async function runCommandHook(
  guest: Guest,
  parameters: Readonly<Record<string, string>>,
): Promise<ProgramResult> {
  const { action, run = '', quiesceScript = '', releaseScript = '' } = parameters;
  const letGo = async () => (await guest.runProgram(releaseScript)).exitCode === 0;
  const hold = async () => {
    const { exitCode, stderr } = await guest.runProgram(quiesceScript);
    return exitCode === 0 ? undefined : `${quiesceScript} failed with exit code ${exitCode}: ${stderr}`;
  };
  switch (action) {
    case 'quiesce':
      return quiesceBy(guest, parameters, { kind: KIND, hold, letGo });
    case 'release':
      return releaseHold(guest, KIND, run, letGo);
    case 'check':
      return checkHold(guest, KIND);
    default:
      return failure(2, `unknown action ${action}`);
  }
}
