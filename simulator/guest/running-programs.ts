import type { Guest, GuestProgram, ProgramResult } from './guest.ts';
import type { Machine } from './machine.ts';

/** Thrown into programs whose machine went down under them; whoever ran them never hears of them again. */
export class GuestGone extends Error {
  override readonly name = 'GuestGone';
}

/** Programs, and the time they live in. `self` gives the guest that programs are handed. */
export function programsOf(
  machine: Machine,
  self: () => Guest,
): Pick<Guest, 'programs' | 'hasProgram' | 'installProgram' | 'runProgram' | 'sleep' | 'timerAt' | 'killTimers'> {
  return {
    programs: () => machine.programs,
    hasProgram: (path) => machine.programs.has(path),
    installProgram: (path, program) => void machine.programs.set(path, program),
    runProgram: (path) => run(machine.programs.get(path), path, self()),
    sleep: (ms) => sleep(machine, ms),
    timerAt: (timeMs, task) => timerAt(machine, timeMs, task),
    killTimers: () => {
      machine.timersLive = false;
    },
  };
}

async function run(program: GuestProgram | undefined, path: string, guest: Guest): Promise<ProgramResult> {
  if (!program) {
    return { exitCode: 127, stdout: '', stderr: `${path}: No such file or directory` };
  }
  const result = await program(guest);
  return typeof result === 'number' ? { exitCode: result, stdout: '', stderr: '' } : result;
}

async function sleep(machine: Machine, ms: number): Promise<void> {
  const boots = machine.bootCount;
  await machine.options.clock.sleep(ms);
  if (boots !== machine.bootCount) {
    throw new GuestGone('the machine went down while a program slept');
  }
}

/** A program's end with the machine is not the timer's failure. */
function timerAt(machine: Machine, timeMs: number, task: () => void | Promise<void>): () => void {
  const cancel = machine.options.clock.at(timeMs, async () => {
    machine.timers.delete(cancel);
    if (!machine.timersLive) return;
    try {
      await task();
    } catch (error) {
      if (!(error instanceof GuestGone)) {
        throw error;
      }
    }
  });
  machine.timers.add(cancel);
  return () => {
    machine.timers.delete(cancel);
    cancel();
  };
}
