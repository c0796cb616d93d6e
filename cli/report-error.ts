import { type ExitCode, exitCodes } from './exit-codes.ts';
import { Problem } from './problem.ts';
import type { Terminal } from './terminal.ts';

/**
 * What happened, whether the workload is safe, what to type next; a stack trace only with `debug`.
 * @returns the exit code that goes with it
 */
export function reportError(error: unknown, debug: boolean, terminal: Terminal): ExitCode {
  const known = error instanceof Problem ? error : undefined;
  const what = error instanceof Error ? error.message || error.name : String(error);
  terminal.event({
    event: 'error',
    what,
    safe: known?.safe,
    next: known?.next,
    exitCode: known?.exitCode ?? exitCodes.failed,
  });
  terminal.complain(`${terminal.paint('red', 'holdfast:')} ${what}`);
  if (known?.safe !== undefined) terminal.complain(known.safe);
  if (known?.next !== undefined) terminal.complain(known.next.startsWith('npx ') ? `    ${known.next}` : known.next);
  if (known === undefined)
    terminal.complain(
      'This was not foreseen. With --debug there is a stack trace; `npx holdfast status` says how things stand.',
    );
  if (debug && error instanceof Error) terminal.complain(traces(error));
  return known?.exitCode ?? exitCodes.failed;
}

const traces = (error: Error): string =>
  `${error.stack ?? error.message}${error.cause instanceof Error ? `\nCaused by: ${traces(error.cause)}` : ''}`;
