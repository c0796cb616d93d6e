/** How a run ended, in words and as an exit code. */
import { byHandLines, confirmationWords, letsGoLines, releaseWords } from '#domain/mail/release-words.ts';
import type { Run } from '#domain/run.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { Problem } from './problem.ts';
import type { Terminal } from './terminal.ts';
import { measured } from './times.ts';

/**
 * @returns 0 when it was sealed
 * @throws Problem with exit code 1 when it failed, 3 when it was refused
 */
export function concludeRun(terminal: Terminal, run: Run, nowMs: number): ExitCode {
  const { id, workload, state, verdict, artifacts, failure } = run;
  terminal.event({ event: state, runId: id, verdict, failure, release: releaseWords(run) });
  if (state === 'sealed') {
    const held =
      verdict?.windowMs === undefined ? 'nothing was held still' : `held still for ${measured(verdict.windowMs)}`;
    terminal.line(
      `${terminal.paint('green', 'sealed')}  ${id}: ${verdict?.consistency}, ${artifacts.length === 1 ? '1 snapshot' : `${artifacts.length} snapshots`}, ${held}`,
    );
    terminal.line(`    npx holdfast points ${workload} --evidence`);
    if (releaseWords(run) === 'RELEASE NOT CONFIRMED') terminal.line(terminal.paint('red', safety(run, nowMs)));
    return exitCodes.done;
  }
  const words =
    failure === undefined
      ? 'The ledger does not say why.'
      : `While ${failure.phase} (${failure.name}): ${failure.message}`;
  throw new Problem({
    exitCode: state === 'refused' ? exitCodes.refused : exitCodes.failed,
    what: `The run ${id} ${state === 'refused' ? 'was refused' : 'failed'}. ${words}`,
    safe: safety(run, nowMs),
    next: `npx holdfast status ${workload}`,
  });
}

function safety(run: Run, nowMs: number): string {
  const { workload, window } = run;
  const words = releaseWords(run);
  if (window === undefined || words === 'never held')
    return `${workload} was not held still; earlier points are untouched.`;
  if (words === 'released')
    return `${workload} is released, ${confirmationWords(window)}; earlier points are untouched.`;
  const held = `${workload} MAY STILL BE HELD STILL: its release is not confirmed.`;
  return [held, ...letsGoLines(window, nowMs), ...byHandLines(run)].join('\n');
}
