/**
 * Asks, and advances every open run: seals what is complete, fails what broke, releases what is overdue, begins the most urgent of those that
 * wait for slots, refuses those that have waited too long, has points exported and copied to other Regions, and takes up recoveries whose
 * execution is gone. Level-triggered: it reads the ledger and AWS, never the event that woke it, so a lost, late or double event changes
 * nothing.
 */
import * as z from 'zod/mini';
import type { Fault } from '#domain/faults.ts';
import { hasEnded } from '#domain/recovery-progress.ts';
import { admitRun } from '#flows/admit-run.ts';
import { closeRun } from '#flows/close-run.ts';
import { endAgain } from '#flows/end-recovery.ts';
import { followCopies } from '#flows/follow-copies.ts';
import { followExports } from '#flows/follow-exports.ts';
import { lookAtRuns, unseen } from '#flows/look-at-runs.ts';
import { refuseLate } from '#flows/refuse-late.ts';
import { releaseRun } from '#flows/release-run.ts';
import { settleRun } from '#flows/settle-run.ts';
import { shareSlots } from '#flows/share-slots.ts';
import { startUndo } from '#flows/start-undo.ts';
import { readRecovery } from '#ledger/recoveries.ts';
import { readRun } from '#ledger/runs.ts';
import { type OpenRecovery, type OpenRun, type Unfinished, unfinished } from '#ledger/unfinished.ts';
import { asFault } from '#platform/aws-errors.ts';
import { environment } from '#platform/environment.ts';
import { executionState } from '#platform/executions.ts';
import { lazy } from '#platform/lazy.ts';
import { logger } from '#platform/logger.ts';
import { step } from '#platform/step.ts';
import { regionSlots } from '#providers/index.ts';

/**
 * When to ask AWS for what settles: `at once`, as for an event, which is there because something has completed (what it carries is not
 * read); `for slots`, when a run that waits lacks them; `in turn`, as that, and in one sweep of every five minutes.
 */
const asks = z._default(z.enum(['at once', 'in turn', 'for slots']), 'at once');
/** `looks`: while runs wait for slots, its rule has it look so often, `pauseMs` apart. */
export const input = z.catch(z.object({ looks: z._default(z.number(), 1), asks }), { looks: 1, asks: 'at once' });
type Input = z.infer<typeof input>;

export interface Output {
  readonly runs: number;
  readonly recoveries: number;
}

/** An execution that was just asked for may not be visible yet. */
const youngMs = 120_000;
/** No window is overdue so soon after its run was admitted. */
const soonestOverdueMs = 60_000;
/** What the machine itself may take to release, beyond the window's deadline. */
const graceMs = 60_000;
/** A set whose snapshots are not all complete has no event, and EventBridge no shorter interval than a minute. */
const pauseMs = 20_000;
/** The last look begins before the next sweep does. */
const looksForMs = 50_000;
/** Runs that settle are looked at so often without being told of: an event may be lost. */
const untoldMs = 300_000;
/** Between two sweeps, and somewhat more: EventBridge does not keep to the second. */
const sweepMs = 75_000;
/** Runs that wait, looked at in one sweep: each needs a slot at least, and a Region has no more. */
const waitingAtOnce = 100;

/**
 * What must not wait is done in the first look; the others are for runs that wait for slots, within the minute until the next sweep, so that
 * guests that do not answer cost no more than the time of their release.
 * @throws the first Fault that does not pass by itself, once all the others have been settled all the same: the function's errors are what its
 * alarm counts. What passes by itself (a throttle, say) is the next sweep's; should it not pass, `watch` tells of the run that is late
 */
export async function settle({ looks, asks }: Input): Promise<Output> {
  const untilMs = Date.now() + looksForMs;
  const found = await unfinished();
  const { inWindow, settling, recoveries, exporting } = found;
  const each = await Promise.all([
    faultsOf(inWindow.map(takeUp)),
    faultsOf(recoveries.map(takeUpRecovery)),
    faultsOf(asksNow(asks) ? [...exporting.map(followExports), followCopies(found)] : []),
    toldBy(settleAll(found, asks)),
  ]);
  throwLasting(each.flat());
  if (found.waiting.length > 0) await lookAgain(looks - 1, asks, untilMs);
  return { runs: found.waiting.length + inWindow.length + settling.length, recoveries: recoveries.length };
}

/** While runs wait for slots, and there is time for a look. */
async function lookAgain(looks: number, asks: Input['asks'], untilMs: number): Promise<void> {
  if (looks === 0 || Date.now() + pauseMs > untilMs) return;
  await new Promise((resolve) => setTimeout(resolve, pauseMs));
  const found = await unfinished();
  if (found.waiting.length === 0) return;
  throwLasting(await toldBy(settleAll(found, asks)));
  await lookAgain(looks - 1, asks, untilMs);
}

const asksNow = (asks: Input['asks']): boolean => asks === 'at once' || (asks === 'in turn' && isTurn(Date.now()));

/** Of a sweep: the first of every five minutes, and where that is close to their beginning the second, too. */
const isTurn = (nowMs: number): boolean => Math.floor(nowMs / untoldMs) !== Math.floor((nowMs - sweepMs) / untoldMs);

/** What passes by itself is the next sweep's. */
function throwLasting(faults: readonly Fault[]): void {
  for (const fault of faults) logger.warn(fault.message);
  const lasting = faults.find(({ name }) => name !== 'TransientFault');
  if (lasting !== undefined) throw lasting;
}

async function faultsOf(tasks: readonly Promise<unknown>[]): Promise<readonly Fault[]> {
  const outcomes = await Promise.allSettled(tasks);
  return outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [asFault(outcome.reason, 'settling')] : []));
}

/** Of work that tells what of it failed; one more, where it could not even tell. */
const toldBy = (work: Promise<readonly Fault[]>): Promise<readonly Fault[]> =>
  work.catch((error: unknown) => [asFault(error, 'settling')]);

/** Runs that wait for slots and runs that settle, together: those give back what these take. @returns what failed of it; all else is done */
async function settleAll(found: Unfinished, asks: Input['asks']): Promise<readonly Fault[]> {
  const { waiting, faults } = await refuseLate(found.waiting);
  const runs = { ...found, waiting: waiting.slice(0, waitingAtOnce) };
  return [...faults, ...(await toldBy(settleTogether(runs, asksNow(asks))))];
}

/** @param asksAll false: what settles is asked for only when a run that waits lacks its slots */
async function settleTogether(runs: Unfinished, asksAll: boolean): Promise<readonly Fault[]> {
  const slots = lazy(regionSlots);
  if (!asksAll) {
    const admitted = await shareSlots(runs, new Map(), slots);
    if (admitted.length === runs.waiting.length) return beginAll(admitted);
  }
  const looks = await lookAtRuns(runs.settling);
  const faults = await Promise.all([
    toldBy(shareSlots(runs, looks, slots).then(beginAll)),
    faultsOf(runs.settling.map((run) => settleRun(run, looks.get(run.runId) ?? unseen))),
  ]);
  return faults.flat();
}

const beginAll = (admitted: readonly OpenRun[]): Promise<readonly Fault[]> =>
  faultsOf(admitted.map(({ workload, runId }) => admitRun(workload, runId)));

/** The third guard: the window is overdue, its execution is gone, or a guest has not confirmed its release. */
async function takeUp(open: OpenRun): Promise<void> {
  const { workload, runId, since } = open;
  const ageMs = Date.now() - Date.parse(since);
  if (ageMs < soonestOverdueMs) return;
  const run = await readRun(workload, runId);
  if (run === undefined) return;
  if (run.state !== 'planning' && run.state !== 'holding') {
    await releaseRun(workload, runId);
    if (run.state === 'settling') await settleAlone(open);
    return;
  }
  const isOverdue = run.window !== undefined && Date.now() > Date.parse(run.window.deadlineAt) + graceMs;
  const isLost = ageMs >= youngMs && !(await isRunning(environment.protectMachine(), runId));
  if (isOverdue || isLost) await releaseRun(workload, runId);
  if (!isLost) return;
  const message = `The execution ${runId} ended, or never began, without closing its window.`;
  await closeRun(workload, runId, { name: 'ExecutionLost', message, phase: 'the execution itself' });
}

/** Listings for all are of those that are released. */
async function settleAlone(run: OpenRun): Promise<void> {
  const looks = await lookAtRuns([run]);
  await settleRun(run, looks.get(run.runId) ?? unseen);
}

/** One whose execution is gone before its end, or before all that follows from it. */
async function takeUpRecovery({ workload, recoveryId, startedAt }: OpenRecovery): Promise<void> {
  const isYoung = Date.now() - Date.parse(startedAt) < youngMs;
  if (isYoung || (await isRunning(environment.recoverMachine(), recoveryId))) return;
  const recovery = await readRecovery(workload, recoveryId);
  if (recovery === undefined) return;
  if (hasEnded(recovery)) await endAgain(recovery);
  else await startUndo(recovery);
}

const isRunning = async (machineArn: string, name: string): Promise<boolean> =>
  (await executionState(machineArn, name)) === 'running';

export const handler = step('settle', input, settle);
