/** A recovery under way: its phases with their times, and its end. */
import type { Recovery } from '#domain/recovery.ts';
import { problemOf } from './aws-problems.ts';
import { concludeRecovery } from './conclude-recovery.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { type Followed, followRecovery, phaseTimes } from './follow-recovery.ts';
import { type Phase, type Report, withProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';

const phases: readonly Phase[] = [
  { id: 'planned', title: 'Plan, take the lease' },
  { id: 'create', title: 'Create the volumes' },
  { id: 'safeguard', title: 'Snapshot what is replaced' },
  { id: 'stop', title: 'Stop' },
  { id: 'detach', title: 'Detach what is replaced' },
  { id: 'attach', title: 'Attach the recovered volumes' },
  { id: 'start', title: 'Start' },
  { id: 'verify', title: 'Verify' },
  { id: 'commit', title: 'Commit' },
  { id: 'rolling-back', title: 'Roll back' },
];

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
  const ended = await withProgress(terminal, phases, (report) =>
    followRecovery(
      followed,
      (recovery) => {
        report(reportOf(recovery));
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

function reportOf({ state, failure, phases: past }: Recovery): Report {
  const isUndone = state === 'rolling-back' || state === 'rolled-back' || state === 'stranded';
  return {
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
