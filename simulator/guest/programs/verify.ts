import type { Guest, ProgramResult } from '../guest.ts';

/** Model of the verify script: runs the machine's own program at `path` and passes on what it says. */
export async function runVerify(guest: Guest, parameters: Readonly<Record<string, string>>): Promise<ProgramResult> {
  return guest.runProgram(parameters.path ?? '');
}
