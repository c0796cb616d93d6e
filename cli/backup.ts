/** `holdfast backup`: begins a run now, and watches it. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod/mini';
import { transientFault } from '#domain/faults.ts';
import type { Run } from '#domain/run.ts';
import { beginOnce } from './begin-once.ts';
import { concludeRun } from './conclude-run.ts';
import { type Connection, connect } from './connect.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { followRun, percentOf, runWords } from './follow-run.ts';
import { lostSight } from './lost-sight.ts';
import { remarkDifference } from './policy-difference.ts';
import { Problem, untouched } from './problem.ts';
import { type Phase, withProgress } from './progress.ts';
import type { Shell } from './shell.ts';
import type { Terminal } from './terminal.ts';

const input = z.object({ workload: z.string(), wait: z._default(z.boolean(), true) });

const begun = z.object({
  runId: z.string(),
  outcome: z.enum(['begun', 'exists', 'refused']),
  why: z.optional(z.string()),
});
const failed = z.object({ errorType: z.string(), errorMessage: z.string() });
type Begun = z.infer<typeof begun>;

const phases: readonly Phase[] = [
  { id: 'waiting', title: 'Wait for free snapshot slots', optional: true },
  { id: 'planning', title: 'Plan and reserve' },
  { id: 'holding', title: 'Hold still, begin snapshots, release' },
  { id: 'settling', title: 'Snapshots complete' },
];

export async function run(typed: unknown, shell: Shell): Promise<ExitCode> {
  const { workload, wait } = z.parse(input, typed);
  const { terminal, settings } = shell;
  const connection = await connect(settings);
  remarkDifference(shell, connection.deployedPolicy, workload);
  // From here on Ctrl-C cannot call the run back, so it must not leave the operator without a word.
  const stop = new AbortController();
  terminal.onInterrupt(() => stop.abort());
  const { runId, outcome, why } = await begin(terminal, connection, workload, stop.signal);
  terminal.event({ event: outcome, runId, ...(why === undefined ? {} : { why }) });
  if (outcome === 'refused') throw refused(runId, why ?? '');
  terminal.line(`${terminal.paint('bold', runId)} ${outcome === 'begun' ? 'has begun' : 'has begun already'}`);
  if (!wait) {
    terminal.line(`Watch it with: npx holdfast status ${workload}`);
    return exitCodes.done;
  }
  const ended = await watch(terminal, workload, runId, stop.signal);
  return ended === undefined ? stopped(terminal, workload, runId) : concludeRun(terminal, ended, connection.nowMs());
}

/** The run has the second of the asking in its name, so that asking again, when no answer came, begins none beside it. */
async function begin(
  terminal: Terminal,
  { beginRunFunction, nowMs }: Connection,
  workload: string,
  signal: AbortSignal,
): Promise<Begun> {
  const scheduledAt = new Date(nowMs()).toISOString();
  const payload = Buffer.from(JSON.stringify({ workload, scheduledAt, trigger: 'operator' }));
  const beginning = { what: `the backup of ${workload}`, next: `npx holdfast status ${workload}`, signal };
  return beginOnce(terminal, beginning, async () => {
    const reply = await new LambdaClient({}).send(
      new InvokeCommand({ FunctionName: beginRunFunction, Payload: payload }),
    );
    const answer: unknown = JSON.parse(reply.Payload?.transformToString() ?? 'null');
    if (reply.FunctionError === undefined) return z.parse(begun, answer);
    const failure = z.parse(failed, answer);
    throw failure.errorType === 'TransientFault' ? transientFault(failure.errorMessage) : notBegun(workload, failure);
  });
}

function notBegun(workload: string, { errorType, errorMessage }: z.infer<typeof failed>): Problem {
  // Asked by name and time alone, only the name can be wrong.
  if (errorType === 'InvalidRequest')
    return new Problem({ exitCode: exitCodes.usage, what: errorMessage, safe: untouched, next: 'npx holdfast status' });
  return new Problem({
    exitCode: exitCodes.failed,
    what: `Beginning the backup of ${workload} failed (${errorType}): ${errorMessage}`,
    safe: 'If it has begun all the same, it goes on, and is released and reported without anybody watching.',
    next: `npx holdfast status ${workload}`,
  });
}

const refused = (runId: string, why: string) =>
  new Problem({
    exitCode: exitCodes.refused,
    what: `The run ${runId} was refused. ${why}`,
    safe: 'The refused backup has not touched the workload.',
    next: 'npx holdfast status',
  });

/** @returns the ended run, or undefined when no longer watching */
const watch = (terminal: Terminal, workload: string, runId: string, signal: AbortSignal): Promise<Run | undefined> =>
  withProgress(terminal, phases, (report) => {
    let phase = 'waiting';
    const show = (run: Run) => {
      phase = run.state === 'sealed' ? 'settling' : run.state;
      report({ phase, detail: runWords(run) });
      terminal.event({ event: 'progress', runId, state: run.state, percent: percentOf(run), detail: runWords(run) });
    };
    const tell = (detail: string) => {
      report({ phase, detail });
      terminal.event({ event: 'progress', runId, detail });
    };
    return followRun(workload, runId, show, { tell, signal });
  }).catch((error: unknown) => {
    throw lostSight(error, goesOn(runId), `npx holdfast status ${workload}`);
  });

const goesOn = (runId: string) => `The run ${runId} goes on, and is released and reported without anybody watching.`;

function stopped(terminal: Terminal, workload: string, runId: string): ExitCode {
  terminal.event({ event: 'stopped-watching', runId });
  terminal.line(`No longer watching. ${goesOn(runId)}`);
  terminal.line(`    npx holdfast status ${workload}`);
  return exitCodes.notWatching;
}
