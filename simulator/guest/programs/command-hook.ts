import type { Guest, ProgramResult } from '../guest.ts';
import { runHold } from './run-hold.ts';

/** Model of the command hook: parameters quiesceScript, releaseScript. The machine's own programs hold the application. */
export function runCommandHook(guest: Guest, parameters: Readonly<Record<string, string>>): Promise<ProgramResult> {
  const { quiesceScript = '', releaseScript = '' } = parameters;
  return runHold(guest, parameters, {
    kind: 'command-hook',
    prepare: () =>
      [quiesceScript, releaseScript]
        .filter((path) => !guest.hasProgram(path))
        .map((path) => `${path} is not there or not executable`),
    holdStill: async () => {
      const { exitCode, stderr } = await guest.runProgram(quiesceScript);
      return exitCode === 0 ? undefined : `${quiesceScript} failed with exit code ${exitCode}: ${stderr}`;
    },
    letGo: async () => (await guest.runProgram(releaseScript)).exitCode === 0,
  });
}
