/** `holdfast recover --undo`: has a recovery that is STRANDED rolled back once more, which frees its workload. */
import type { Recovery } from '#domain/recovery.ts';
import { carriers } from '#domain/recovery-words.ts';
import { readRecovery, recoveriesOf } from '#ledger/recoveries.ts';
import { executionArn, startExecution } from '#platform/executions.ts';
import { askPatiently, type Patience } from './ask-patiently.ts';
import { problemOf } from './aws-problems.ts';
import { beginOnce } from './begin-once.ts';
import { concludeRecovery } from './conclude-recovery.ts';
import { confirm } from './confirm.ts';
import { connect } from './connect.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { Problem, untouched } from './problem.ts';
import { describeExecution } from './rehearse-recovery.ts';
import type { Shell } from './shell.ts';
import { stamp } from './times.ts';
import { wait } from './wait.ts';

const pollMs = 1000;
/** An execution's name has at most 80 characters, of which the time takes a fifth. */
const idLength = 58;

/**
 * @returns 0 when the workload is as it was before the recovery, 130 when no longer watching
 * @throws Problem with exit code 3 when there is nothing to undo, 4 when it is stranded again, 1 when it has come to no end
 */
export async function undoRecovery(
  { terminal, settings }: Shell,
  { workload, yes }: { readonly workload: string; readonly yes: boolean },
): Promise<ExitCode> {
  const { recoverMachine, nowMs } = await connect(settings);
  const { id } = await strandedOf(workload);
  terminal.line(`Undo  recovery ${id} of ${workload}, which is STRANDED`);
  if (!yes) await confirm(terminal, workload, 'What it had before is brought back, where it is not yet.');
  const stop = new AbortController();
  terminal.onInterrupt(() => stop.abort());
  const next = `npx holdfast status ${workload}`;
  const name = `${id.slice(0, idLength)}-undo-${stamp(nowMs())}`;
  const beginning = { what: `the roll back ${name}`, next, signal: stop.signal };
  await beginOnce(terminal, beginning, () =>
    startExecution(recoverMachine, name, { rollBack: { workload, recoveryId: id } }),
  );
  terminal.event({ event: 'begun', recoveryId: id });
  const tell = (detail: string) => {
    terminal.event({ event: 'progress', recoveryId: id, detail });
    terminal.line(detail);
  };
  await untilEnded(executionArn(recoverMachine, name), { tell, signal: stop.signal });
  const recovery = await askPatiently(() => readRecovery(workload, id), { tell, signal: stop.signal });
  if (recovery !== undefined && !stop.signal.aborted) return conclude(terminal, recovery);
  terminal.line(`No longer watching. The roll back of ${id} goes on.`);
  terminal.line(`    ${next} --watch`);
  return exitCodes.notWatching;
}

async function strandedOf(workload: string): Promise<Recovery> {
  const [recovery] = await recoveriesOf(workload).catch((error: unknown) => {
    throw problemOf(error, untouched);
  });
  if (recovery?.state === 'stranded') return recovery;
  const last = recovery === undefined ? 'there is none' : `its last, ${recovery.id}, is ${recovery.state}`;
  throw new Problem({
    exitCode: exitCodes.refused,
    what: `No recovery of ${workload} is STRANDED: ${last}. Only one that is can be undone.`,
    safe: untouched,
    next: `npx holdfast status ${workload}`,
  });
}

async function untilEnded(arn: string, patience: Patience): Promise<void> {
  while (patience.signal?.aborted !== true) {
    const execution = await askPatiently(() => describeExecution(arn), patience);
    if (execution !== undefined && execution.status !== 'RUNNING') return;
    await wait(pollMs, patience.signal);
  }
}

function conclude(terminal: Shell['terminal'], recovery: Recovery): ExitCode {
  const { id, workload, state } = recovery;
  if (state === 'stranded') return concludeRecovery(terminal, recovery, undefined);
  if (state !== 'rolled-back') throw unended(recovery);
  terminal.event({ event: state, recoveryId: id });
  const words = `${workload} is as it was before ${id}, on the ${carriers(recovery)} that it had.`;
  terminal.line(`${terminal.paint('green', 'undone')}  ${words} Backups and recoveries of it begin again.`);
  return exitCodes.done;
}

const unended = ({ id, workload, state }: Recovery): Problem =>
  new Problem({
    exitCode: exitCodes.failed,
    what: `The roll back of ${id} has come to no end: the recovery is ${state}.`,
    safe: 'Holdfast goes on trying by itself, and mails what comes of it.',
    next: `npx holdfast status ${workload} --watch`,
  });
