/**
 * Begins runs once per scheduled time: writes each to the ledger as one that waits for slots, or refuses it, and wakes settle, which
 * begins what there are slots for.
 */
import * as z from 'zod/mini';
import { expectedSlots } from '#domain/expected-slots.ts';
import { invalidRequest } from '#domain/faults.ts';
import type { Point } from '#domain/point.ts';
import type { Workload } from '#domain/policy.ts';
import { newestOf } from '#domain/retention.ts';
import { isOpen, type Run } from '#domain/run.ts';
import { runIdFor } from '#domain/run-id.ts';
import { isSameSchedule } from '#domain/schedule.ts';
import { heldBy, refuseRun } from '#flows/refuse-run.ts';
import { readLease } from '#ledger/lease.ts';
import { pointsOf } from '#ledger/points.ts';
import { createRun, latestRunsOf, readRun } from '#ledger/runs.ts';
import { deployedPolicy, deployedWorkload } from '#platform/deployed-policy.ts';
import { step } from '#platform/step.ts';
import { wakeSettle } from '#platform/wake-settle.ts';

export const input = z.union([
  z.object({
    workload: z.string(),
    /** ISO 8601 in UTC; now, when an operator asks. */
    scheduledAt: z.optional(z.string()),
    trigger: z._default(z.enum(['schedule', 'operator']), 'operator'),
  }),
  /** All workloads of a schedule. */
  z.object({ schedule: z.object({ expression: z.string(), timeZone: z.string() }), scheduledAt: z.string() }),
]);
type Input = z.infer<typeof input>;

/** `begun`: it waits for its slots, or has them. `exists`: this time has had its run. `refused`: another holds the workload. */
export interface Outcome {
  readonly runId: string;
  readonly outcome: 'begun' | 'exists' | 'refused';
  readonly why?: string;
}

export interface Fanned {
  readonly runs: readonly Pick<Outcome, 'runId' | 'outcome'>[];
}

/** Runs looked at, refused ones apart, for one that has not ended: more than can be open at once. */
const recentRuns = 3;
/** Workloads begun at the same time. */
const atOnce = 25;
/** Clocks may differ by so much. A run of a time to come would be found to exist when that time comes, and its night be skipped. */
const aheadMs = 5 * 60_000;

/** @throws the first error, once every workload of the schedule has been tried: Scheduler's retry then finds the others begun */
export async function beginRun(asked: Input): Promise<Outcome | Fanned> {
  if (!('schedule' in asked)) {
    const { scheduledAt = new Date().toISOString(), trigger } = asked;
    const outcome = await beginOne(deployedWorkload(asked.workload), scheduledAt, trigger);
    await wakeSettle();
    return outcome;
  }
  const due = deployedPolicy().workloads.filter(({ schedule }) => isSameSchedule(schedule, asked.schedule));
  const outcomes: PromiseSettledResult<Outcome>[] = [];
  for (let from = 0; from < due.length; from += atOnce) {
    const batch = due.slice(from, from + atOnce);
    outcomes.push(...(await Promise.allSettled(batch.map((each) => beginOne(each, asked.scheduledAt, 'schedule')))));
  }
  await wakeSettle();
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return {
    runs: outcomes.flatMap((outcome) =>
      outcome.status === 'fulfilled' ? [{ runId: outcome.value.runId, outcome: outcome.value.outcome }] : [],
    ),
  };
}

async function beginOne(workload: Workload, scheduledAt: string, trigger: Run['trigger']): Promise<Outcome> {
  const { name } = workload;
  const runId = runIdFor(name, scheduledAt);
  refuseAhead(name, scheduledAt);
  const recent = await latestRunsOf(name, recentRuns);
  const known = recent.find(({ id }) => id === runId);
  if (known !== undefined) return { runId, outcome: known.state === 'waiting' ? 'begun' : 'exists' };
  const run = await newRun(workload, runId, scheduledAt, trigger);
  const why = await conflict(name, recent);
  if (why !== undefined) {
    // Older than the recent ones, and called for once more: it has had its end, and is not refused.
    if ((await readRun(name, runId)) !== undefined) return { runId, outcome: 'exists' };
    await refuseRun(run, why);
    return { runId, outcome: 'refused', why };
  }
  const existing = await createRun(run);
  return { runId, outcome: existing === undefined || existing.state === 'waiting' ? 'begun' : 'exists' };
}

function refuseAhead(workload: string, scheduledAt: string): void {
  if (Date.parse(scheduledAt) <= Date.now() + aheadMs) return;
  throw invalidRequest(
    `${scheduledAt} has not come yet, and a run of it would take the place of the one that is due then. Nothing was begun. Leave scheduledAt out to back up now: npx holdfast backup ${workload}`,
  );
}

async function newRun(workload: Workload, id: string, scheduledAt: string, trigger: Run['trigger']): Promise<Run> {
  const startedAt = new Date().toISOString();
  const [newest] = await pointsOf(workload.name, 1);
  const good = await goodPoint(workload.name, newest);
  return {
    id,
    workload: workload.name,
    scheduledAt: new Date(scheduledAt).toISOString(),
    trigger,
    startedAt,
    state: 'waiting',
    expectedSlots: expectedSlots(workload, newest),
    urgentAt: good === undefined ? startedAt : pastRpoAt(workload, good.takenAt),
    artifacts: [],
  };
}

/** All points are looked at only where the newest does not count. */
async function goodPoint(workload: string, newest: Point | undefined): Promise<Point | undefined> {
  if (newest === undefined) return undefined;
  return newestOf([newest]).newestPoint ?? newestOf(await pointsOf(workload)).newestPoint;
}

const pastRpoAt = ({ objectives }: Workload, takenAt: string): string =>
  new Date(Date.parse(takenAt) + objectives.rpoMinutes * 60_000).toISOString();

/** A sentence when the workload is not free. The lease is taken only when the run has its slots. */
async function conflict(workload: string, recent: readonly Run[]): Promise<string | undefined> {
  const lease = await readLease(workload);
  if (lease !== undefined && lease.untilAt > new Date().toISOString()) return heldBy(workload, lease);
  const unfinished = recent.find(isOpen);
  return (
    unfinished &&
    `The run ${unfinished.id}, begun at ${unfinished.startedAt}, has not ended: it is ${unfinished.state}.`
  );
}

export const handler = step('begin-run', input, beginRun);
