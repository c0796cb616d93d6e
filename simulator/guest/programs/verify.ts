import type { Guest, ProgramResult } from '../guest.ts';

/** Model of the verify script: runs the machine's own program at `path` and passes on what it says. `doctor` only looks for it. */
export async function runVerify(guest: Guest, parameters: Readonly<Record<string, string>>): Promise<ProgramResult> {
  const { action = 'verify', path = '' } = parameters;
  if (action === 'doctor') {
    const stderr = guest.hasProgram(path) ? '' : `holdfast: ${path} is not there or not executable\n`;
    return { exitCode: stderr === '' ? 0 : 2, stdout: '', stderr };
  }
  return guest.runProgram(path);
}
