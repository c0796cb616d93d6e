/** A recovery under way: its phases with their times, and its end. */
import type { Recovery } from '#domain/recovery.ts';
import { problemOf } from './aws-problems.ts';
import { concludeRecovery } from './conclude-recovery.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { type Followed, followRecovery, phaseTimes } from './follow-recovery.ts';
import { type Report, withProgress } from './progress.ts';
import { firstPhases, phasesOf } from './recovery-phases.ts';
import type { Terminal } from './terminal.ts';

/**
 * @param signal ends watching
 * @param rtoMinutes the objective, if it is known
 * @returns 0 when committed, 130 when no longer watching
 * @throws Problem with exit code 1 when it was rolled back, 4 when it is stranded
 */
export async function watchRecovery(
  terminal: Terminal,
  followed: Followed,
  signal: AbortSignal,
  rtoMinutes?: number,
): Promise<ExitCode> {
  const ended = await withProgress(terminal, firstPhases, (report) =>
    followRecovery(
      followed,
      (recovery) => {
        report(reportOf(recovery));
        // None of the phases: the roll back has failed.
        if (recovery.state === 'stranded') report({ phase: 'stranded' });
        terminal.event({
          event: 'progress',
          recoveryId: recovery.id,
          state: recovery.state,
          phases: phaseTimes(recovery),
        });
      },
      signal,
    ),
  ).catch((error: unknown) => {
    throw problemOf(error);
  });
  return ended === undefined ? stopped(terminal, followed) : concludeRecovery(terminal, ended, rtoMinutes);
}

function reportOf(recovery: Recovery): Report {
  const { state, failure, phases: past } = recovery;
  const isUndone = state === 'rolling-back' || state === 'rolled-back' || state === 'stranded';
  return {
    phases: phasesOf(recovery),
    phase: isUndone ? 'rolling-back' : state === 'committed' ? 'commit' : state,
    entered: ['planned', ...past.map(({ phase }) => phase)],
    ...(failure === undefined ? {} : { failed: failure.message }),
  };
}

function stopped(terminal: Terminal, { workload, id }: Followed): ExitCode {
  terminal.event({ event: 'stopped-watching', recoveryId: id });
  terminal.line(`No longer watching. The recovery ${id} goes on, and rolls itself back if it fails.`);
  terminal.line(`    npx holdfast status ${workload} --watch`);
  return exitCodes.interrupted;
}
