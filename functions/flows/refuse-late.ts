/** Runs that have waited for longer than their workload's `startWithin` are refused, and told at once, not when their slots come. */
import type { Fault } from '#domain/faults.ts';
import { parseRunId } from '#domain/run-id.ts';
import { isTooLate, lateWords } from '#domain/start-within.ts';
import { readLease } from '#ledger/lease.ts';
import { freeSlots } from '#ledger/reservations.ts';
import { readRun } from '#ledger/runs.ts';
import type { OpenRun } from '#ledger/unfinished.ts';
import { asFault } from '#platform/aws-errors.ts';
import { workloadOrRemoved } from '#platform/deployed-policy.ts';
import { refuseRun } from './refuse-run.ts';

/** Looked at in one sweep; the others that are too late wait for the next, and are not begun meanwhile. */
const atOnce = 100;

export interface InTime {
  /** Those that may be begun, in the order given. */
  readonly waiting: readonly OpenRun[];
  readonly faults: readonly Fault[];
}

/** @param waiting all runs that wait */
export async function refuseLate(waiting: readonly OpenRun[]): Promise<InTime> {
  const tooLate = new Set(waiting.filter(mayBeLate));
  const outcomes = await Promise.allSettled(
    [...tooLate].slice(0, atOnce).map(async (open) => {
      if (await mayBegin(open)) tooLate.delete(open);
    }),
  );
  return {
    waiting: waiting.filter((open) => !tooLate.has(open)),
    faults: outcomes.flatMap((each) =>
      each.status === 'rejected' ? [asFault(each.reason, 'refusing late runs')] : [],
    ),
  };
}

/** As the index tells it; whether an operator asked for it is in its record. */
function mayBeLate({ workload, runId }: OpenRun): boolean {
  const scheduledAt = parseRunId(runId)?.scheduledAt;
  return scheduledAt !== undefined && isTooLate(workloadOrRemoved(workload), scheduledAt, Date.now());
}

/** Refuses it if not. One that has its workload's lease was begun in time: its execution may be on its way, unknown to its record. */
async function mayBegin({ workload, runId }: OpenRun): Promise<boolean> {
  const run = await readRun(workload, runId);
  if (run?.state !== 'waiting') return false;
  const why = lateWords(workloadOrRemoved(workload), run, Date.now());
  if (why === undefined || (await readLease(workload))?.holder === runId) return true;
  await freeSlots(runId);
  await refuseRun(run, why, 'late');
  return false;
}
