/** A recovery under way: its phases with their times, and its end. */
import type { Recovery } from '#domain/recovery.ts';
import { problemOf } from './aws-problems.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { type Followed, followRecovery, objectiveWords, phaseTimes, tookMs } from './follow-recovery.ts';
import { Problem } from './problem.ts';
import { type Phase, type Report, withProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';
import { measured } from './times.ts';

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
 * @param rtoMinutes the objective, if it is known
 * @returns 0 when committed, 130 when no longer watching
 * @throws Problem with exit code 1 when it was rolled back, 4 when it is stranded
 */
export async function watchRecovery(terminal: Terminal, followed: Followed, rtoMinutes?: number): Promise<ExitCode> {
  const stop = new AbortController();
  const ignore = terminal.onInterrupt(() => stop.abort());
  const ended = await withProgress(terminal, phases, (report) =>
    followRecovery(
      followed,
      (recovery) => {
        report(reportOf(recovery));
        terminal.event({ event: 'progress', recoveryId: recovery.id, state: recovery.state, phases: phaseTimes(recovery) });
      },
      stop.signal,
    ),
  ).catch((error: unknown) => {
    throw problemOf(error);
  });
  ignore();
  return ended === undefined ? stopped(terminal, followed) : conclude(terminal, ended, rtoMinutes);
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

function conclude(terminal: Terminal, recovery: Recovery, rtoMinutes: number | undefined): ExitCode {
  const { id, workload, state, pointId, failure, leftovers, plan } = recovery;
  const ms = tookMs(recovery) ?? 0;
  terminal.event({ event: state, recoveryId: id, pointId, tookMs: ms, rtoMinutes, phases: phaseTimes(recovery), failure, leftovers });
  for (const { phase, ms: each } of phaseTimes(recovery)) terminal.line(`  ${phase.padEnd(12)} ${measured(each)}`);
  if (state === 'committed') {
    terminal.line(`${terminal.paint('green', 'recovered')}  ${workload} from ${pointId} in ${measured(ms)}${withComma(objectiveWords(ms, rtoMinutes))}`);
    terminal.line(`The replaced volumes are kept for ${plan.keepReplacedDays} days. Take a fresh point of what runs now:`);
    terminal.line(`    npx holdfast backup ${workload}`);
    return exitCodes.done;
  }
  const why = failure === undefined ? 'The ledger does not say why.' : `While at ${failure.phase} (${failure.name}): ${failure.message}`;
  throw state === 'stranded' ? stranded(recovery, why, leftovers ?? []) : rolledBack(recovery, why);
}

const withComma = (words: string) => (words === '' ? '' : `, ${words}`);

const rolledBack = ({ id, workload, pointId }: Recovery, why: string) =>
  new Problem({
    exitCode: exitCodes.failed,
    what: `The recovery ${id} failed and was rolled back. ${why}`,
    safe: `${workload} is as it was before, on the volumes that it had.`,
    next: `npx holdfast recover ${workload} --point ${pointId} --dry-run`,
  });

const stranded = ({ id, workload }: Recovery, why: string, leftovers: readonly string[]) =>
  new Problem({
    exitCode: exitCodes.stranded,
    what: `The recovery ${id} is STRANDED: it failed, and could not be rolled back. ${why}`,
    safe: `${workload} is DOWN, or on the wrong volumes. No volume was deleted.`,
    next: ['A person must finish:', ...leftovers.map((line) => `    ${line}`)].join('\n'),
  });
