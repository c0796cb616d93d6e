/** How a recovery ended, in words and as an exit code. */
import { applicationWords } from '#domain/application-state.ts';
import type { Recovery } from '#domain/recovery.ts';
import { carriers, deletedNothing, keptLines, recoverAgain } from '#domain/recovery-words.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { objectiveWords, phaseTimes, tookMs } from './follow-recovery.ts';
import { Problem } from './problem.ts';
import { hasWork } from './recovery-phases.ts';
import type { Terminal } from './terminal.ts';
import { measured } from './times.ts';

/**
 * @param rtoMinutes the objective, if it is known
 * @returns 0 when it was committed
 * @throws Problem with exit code 1 when it was rolled back, 4 with what is left to do when it is stranded
 */
export function concludeRecovery(terminal: Terminal, recovery: Recovery, rtoMinutes: number | undefined): ExitCode {
  const { id, workload, state, pointId, failure, leftovers } = recovery;
  const ms = tookMs(recovery) ?? 0;
  terminal.event({
    event: state,
    recoveryId: id,
    pointId,
    tookMs: ms,
    rtoMinutes,
    phases: phaseTimes(recovery),
    failure,
    leftovers,
  });
  for (const { phase, ms: each } of phaseTimes(recovery).filter(({ phase }) => hasWork(recovery, phase)))
    terminal.line(`  ${phase.padEnd(12)} ${measured(each)}`);
  if (state === 'committed') {
    terminal.line(
      `${terminal.paint('green', 'recovered')}  ${workload} from ${pointId} in ${measured(ms)}${withComma(objectiveWords(ms, rtoMinutes))}`,
    );
    for (const line of keptLines(recovery)) terminal.line(line);
    terminal.line('Take a fresh point of what runs now:');
    terminal.line(`    npx holdfast backup ${workload}`);
    return exitCodes.done;
  }
  const why =
    failure === undefined
      ? 'The ledger does not say why.'
      : `While at ${failure.phase} (${failure.name}): ${failure.message}`;
  throw state === 'stranded' ? stranded(recovery, why) : rolledBack(recovery, why);
}

const withComma = (words: string) => (words === '' ? '' : `, ${words}`);

function rolledBack(recovery: Recovery, why: string): Problem {
  const { id, workload, request, pointId, plan } = recovery;
  const left = plan.targets.flatMap(({ leaves }) => leaves ?? []);
  return new Problem({
    exitCode: exitCodes.failed,
    what: `The recovery ${id} failed and was rolled back. ${why}`,
    safe: [`${workload} is as it was before, on the ${carriers(recovery)} that it had.`, ...left].join(' '),
    next: `npx holdfast ${recoverAgain(request, pointId)} --dry-run`,
  });
}

function stranded(recovery: Recovery, why: string): Problem {
  const { id, workload, leftovers = [], application = 'unknown' } = recovery;
  return new Problem({
    exitCode: exitCodes.stranded,
    what: `The recovery ${id} is STRANDED: it failed, and could not be rolled back. ${why}`,
    safe: `${workload}: ${applicationWords(application, carriers(recovery)).sentence} ${deletedNothing(recovery)}.`,
    next: ['A person must finish:', ...leftovers.map((line) => `    ${line}`)].join('\n'),
  });
}
