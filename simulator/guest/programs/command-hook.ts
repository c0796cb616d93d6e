import type { Guest, ProgramResult } from '../guest.ts';
import {
  alreadyHeld,
  armHold,
  checkHold,
  endHold,
  failure,
  isTwinAtIt,
  quiescedAnswer,
  releaseHold,
  TWIN_POLL_MS,
} from './hold.ts';

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
  switch (action) {
    case 'quiesce':
      return quiesce(guest, run, Number(parameters.deadlineSeconds), quiesceScript, letGo);
    case 'release':
      return releaseHold(guest, KIND, run, letGo);
    case 'check':
      return checkHold(guest, KIND);
    default:
      return failure(2, `unknown action ${action}`);
  }
}

async function quiesce(
  guest: Guest,
  run: string,
  deadlineSeconds: number,
  quiesceScript: string,
  letGo: () => Promise<boolean>,
): Promise<ProgramResult> {
  while (isTwinAtIt(guest, KIND, run)) {
    await guest.sleep(TWIN_POLL_MS);
  }
  const held = alreadyHeld(guest, KIND, run);
  if (held) {
    return held;
  }
  if (!(deadlineSeconds > 0)) {
    return failure(2, `deadlineSeconds is no positive number`);
  }
  const hold = armHold(guest, KIND, run, deadlineSeconds, letGo);
  const { exitCode, stderr } = await guest.runProgram(quiesceScript);
  if (exitCode === 0 && !hold.ended) {
    hold.heldAtMs = guest.clock.nowMs();
    return quiescedAnswer(hold);
  }
  if (hold.ended) {
    // The program may have held the application only after the timer had let it go.
    await letGo();
    return failure(1, `released while ${quiesceScript} ran`);
  }
  await endHold(guest, hold, 'undone', letGo);
  return failure(1, `${quiesceScript} failed with exit code ${exitCode}: ${stderr}`);
}
