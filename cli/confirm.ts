import { exitCodes } from './exit-codes.ts';
import { Problem, untouched } from './problem.ts';
import type { Terminal } from './terminal.ts';

/**
 * Returns when the workload's name was typed: a `y` is too easily typed for the wrong one.
 * @param consequences what will happen, in sentences
 * @throws Problem with exit code 3 for anything else
 */
export async function confirm(terminal: Pick<Terminal, 'ask'>, workload: string, consequences: string): Promise<void> {
  const answer = await terminal.ask(`${consequences} Type the workload’s name (${workload}) to go on: `);
  if (answer === workload) return;
  throw new Problem({ exitCode: exitCodes.refused, what: 'Not confirmed.', safe: untouched });
}
