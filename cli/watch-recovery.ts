/** A recovery under way: its phases with their times, and its end. */
import type { Recovery } from '#domain/recovery.ts';
import { concludeRecovery } from './conclude-recovery.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { type Followed, followRecovery, phaseTimes } from './follow-recovery.ts';
import { lostSight } from './lost-sight.ts';
import { type Report, withProgress } from './progress.ts';
import { firstPhases, phasesOf } from './recovery-phases.ts';
import type { Terminal } from './terminal.ts';

/**
 * @param signal ends watching
 * @param rtoMinutes the objective, if it is known
 * @returns 0 when committed, 130 when no longer watching
 * @throws Problem with exit code 1 when it was rolled back, 4 when it is stranded, 130 when it can no longer be watched
 */
export async function watchRecovery(
  terminal: Terminal,
  followed: Followed,
  signal: AbortSignal,
  rtoMinutes?: number,
): Promise<ExitCode> {
  const { id: recoveryId, workload } = followed;
  const ended = await withProgress(terminal, firstPhases, (report) => {
    let last: Report = { phase: 'planned' };
    const show = (recovery: Recovery) => {
      last = reportOf(recovery);
      report(last);
      // None of the phases: the roll back has failed.
      if (recovery.state === 'stranded') report({ phase: 'stranded' });
      terminal.event({ event: 'progress', recoveryId, state: recovery.state, phases: phaseTimes(recovery) });
    };
    const tell = (detail: string) => {
      report({ ...last, detail });
      terminal.event({ event: 'progress', recoveryId, detail });
    };
    return followRecovery(followed, show, { tell, signal });
  }).catch((error: unknown) => {
    throw lostSight(error, goesOn(recoveryId), `npx holdfast status ${workload} --watch`);
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

const goesOn = (id: string) => `The recovery ${id} goes on, and rolls itself back if it fails.`;

function stopped(terminal: Terminal, { workload, id }: Followed): ExitCode {
  terminal.event({ event: 'stopped-watching', recoveryId: id });
  terminal.line(`No longer watching. ${goesOn(id)}`);
  terminal.line(`    npx holdfast status ${workload} --watch`);
  return exitCodes.notWatching;
}
