/** `holdfast backup`: begins a run now, and watches it. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod/mini';
import { holdsEverywhere, scalesService } from '#domain/hook-proof.ts';
import { releaseWords } from '#domain/mail/layout.ts';
import { putBackCommand } from '#domain/put-back-command.ts';
import type { Run } from '#domain/run.ts';
import { problemOf } from './aws-problems.ts';
import { connect } from './connect.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { followRun, percentOf, runWords } from './follow-run.ts';
import { Problem } from './problem.ts';
import { type Phase, withProgress } from './progress.ts';
import type { Shell } from './shell.ts';
import type { Terminal } from './terminal.ts';
import { measured } from './times.ts';

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

export async function run(typed: unknown, { terminal, settings }: Shell): Promise<ExitCode> {
  const { workload, wait } = z.parse(input, typed);
  const { beginRunFunction } = await connect(settings);
  // From here on Ctrl-C cannot call the run back, so it must not leave the operator without a word.
  const stop = new AbortController();
  terminal.onInterrupt(() => stop.abort());
  const { runId, outcome, why } = await begin(beginRunFunction, workload);
  terminal.event({ event: outcome, runId, ...(why === undefined ? {} : { why }) });
  if (outcome === 'refused') throw refused(runId, why ?? '');
  terminal.line(`${terminal.paint('bold', runId)} ${outcome === 'begun' ? 'has begun' : 'has begun already'}`);
  if (!wait) {
    terminal.line(`Watch it with: npx holdfast status ${workload}`);
    return exitCodes.done;
  }
  return watch(terminal, workload, runId, stop.signal);
}

async function begin(functionName: string, workload: string): Promise<Begun> {
  const payload = JSON.stringify({ workload, trigger: 'operator' });
  try {
    const input = { FunctionName: functionName, Payload: Buffer.from(payload) };
    const reply = await new LambdaClient({}).send(new InvokeCommand(input));
    const answer: unknown = JSON.parse(reply.Payload?.transformToString() ?? 'null');
    if (reply.FunctionError === undefined) return z.parse(begun, answer);
    throw notBegun(workload, z.parse(failed, answer));
  } catch (error) {
    throw problemOf(error);
  }
}

const notBegun = (workload: string, { errorType, errorMessage }: z.infer<typeof failed>) =>
  new Problem({
    exitCode: errorType === 'InvalidRequest' ? exitCodes.refused : exitCodes.failed,
    what: `The backup of ${workload} was not begun (${errorType}): ${errorMessage}`,
    safe: `${workload} has not been touched.`,
    next: 'npx holdfast plan',
  });

const refused = (runId: string, why: string) =>
  new Problem({
    exitCode: exitCodes.refused,
    what: `The run ${runId} was refused. ${why}`,
    safe: 'The refused backup has not touched the workload.',
    next: 'npx holdfast status',
  });

async function watch(terminal: Terminal, workload: string, runId: string, signal: AbortSignal): Promise<ExitCode> {
  const ended = await withProgress(terminal, phases, (report) =>
    followRun(
      workload,
      runId,
      (run) => {
        report({ phase: run.state === 'sealed' ? 'settling' : run.state, detail: runWords(run) });
        terminal.event({ event: 'progress', runId, state: run.state, percent: percentOf(run), detail: runWords(run) });
      },
      signal,
    ),
  ).catch((error: unknown) => {
    throw problemOf(error);
  });
  return ended === undefined ? stopped(terminal, workload, runId) : conclude(terminal, ended);
}

function stopped(terminal: Terminal, workload: string, runId: string): ExitCode {
  terminal.event({ event: 'stopped-watching', runId });
  terminal.line(`No longer watching. The run ${runId} goes on, and is released and reported without anybody watching.`);
  terminal.line(`    npx holdfast status ${workload}`);
  return exitCodes.interrupted;
}

function conclude(terminal: Terminal, run: Run): ExitCode {
  const { id, workload, state, verdict, artifacts, failure } = run;
  terminal.event({ event: state, runId: id, verdict, failure, release: releaseWords(run) });
  if (state === 'sealed') {
    const held =
      verdict?.windowMs === undefined ? 'nothing was held still' : `held still for ${measured(verdict.windowMs)}`;
    terminal.line(
      `${terminal.paint('green', 'sealed')}  ${id}: ${verdict?.consistency}, ${artifacts.length} snapshots, ${held}`,
    );
    terminal.line(`    npx holdfast points ${workload} --evidence`);
    return exitCodes.done;
  }
  const words =
    failure === undefined
      ? 'The ledger does not say why.'
      : `While ${failure.phase} (${failure.name}): ${failure.message}`;
  throw new Problem({
    exitCode: state === 'refused' ? exitCodes.refused : exitCodes.failed,
    what: `The run ${id} ${state === 'refused' ? 'was refused' : 'failed'}. ${words}`,
    safe: safety(run),
    next: `npx holdfast status ${workload}`,
  });
}

function safety(run: Run): string {
  const words = releaseWords(run);
  if (words === 'never held') return `${run.workload} was not held still; earlier points are untouched.`;
  if (words === 'released')
    return `${run.workload} is released, confirmed by every guest; earlier points are untouched.`;
  const held = `${run.workload} MAY STILL BE HELD STILL`;
  const service = run.window?.holds.find(({ hook, state }) => state !== 'free' && scalesService(hook.kind));
  if (service !== undefined) return `${held}: Holdfast goes on releasing it. By hand: ${putBackCommand(service.hook)}`;
  const owned = run.window?.holds.find(({ hook, state }) => state !== 'free' && holdsEverywhere(hook.kind));
  const timer = owned === undefined ? 'the timer in the guest' : `the timer that ${owned.hook.instanceId} sets`;
  return `${held} until ${run.window?.deadlineAt}, when ${timer} releases it.`;
}
