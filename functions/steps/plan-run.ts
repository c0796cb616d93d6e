/**
 * Finds what will be backed up and every reason why not, reserves what the window will need, and writes down what is about to be
 * held still and until when at the latest: all before it is, so that after a crash settle and the guards know.
 */
import * as z from 'zod/mini';
import { beginSeconds } from '#domain/begin-seconds.ts';
import { busyFault, invalidRequest, invariantBroken } from '#domain/faults.ts';
import type { HoldingRun } from '#domain/holding-run.ts';
import { isOfInstances } from '#domain/member-kinds.ts';
import type { Workload } from '#domain/policy.ts';
import { quiesceSeconds } from '#domain/quiesce-seconds.ts';
import type { Run, RunPlan } from '#domain/run.ts';
import { runLeaseUntil } from '#domain/run-lease.ts';
import type { RegionSlots } from '#domain/slots.ts';
import { intended, longestSeconds } from '#domain/window-progress.ts';
import { recoveriesUnderWay } from '#flows/other-recoveries.ts';
import { planWorkload } from '#flows/plan-workload.ts';
import { heldBy } from '#flows/refuse-run.ts';
import { dropLease, takeLease } from '#ledger/lease.ts';
import { drawTokens, takeSlots } from '#ledger/reservations.ts';
import { changeRun } from '#ledger/runs.ts';
import { deployedPolicy, deployedWorkload } from '#platform/deployed-policy.ts';
import { logger } from '#platform/logger.ts';
import { step } from '#platform/step.ts';
import type { Reservation } from '#providers/provider.ts';

export const input = z.object({ workload: z.string(), runId: z.string() });
type Input = z.infer<typeof input>;

/** What the rest of the state machine needs to know; the plan itself is in the ledger. */
export interface Output {
  readonly workload: string;
  readonly runId: string;
  readonly tiers: readonly number[];
  readonly onQuiesceFailure: RunPlan['onQuiesceFailure'];
  readonly quiesceTimeoutSeconds: number;
  readonly beginTimeoutSeconds: number;
  /** ISO time: when the window ends, where it has a length of its own; else it is past, since a window of seconds does not wait. */
  readonly patientUntil: string;
}

export async function planRun({ workload: name, runId }: Input): Promise<Output> {
  const workload = deployedWorkload(name);
  const others = deployedPolicy().workloads.filter((other) => other.name !== name);
  const found = await planWorkload(workload, others);
  await waitForRecoveries(name, found.plan, others);
  if (found.refusals.length > 0) throw invalidRequest(found.refusals.join('\n'));
  for (const note of found.notes) logger.info(note);
  if (found.busy !== undefined) throw busyFault(found.busy);
  await reserve(runId, found.reservations);
  await keepLease(name, runId, found.plan);
  const run = await changeRun(name, runId, (run) =>
    run.state === 'waiting' || run.state === 'planning' ? intended(run, found.plan, Date.now()) : undefined,
  );
  if (!isIntended(run)) {
    await dropLease(name, runId);
    throw invariantBroken(
      `The run ${runId} is ${run?.state ?? 'not in the ledger'}, so nothing may be held still for it.`,
    );
  }
  return {
    workload: name,
    runId,
    tiers: tiersOf(run.plan),
    onQuiesceFailure: run.plan.onQuiesceFailure,
    quiesceTimeoutSeconds: quiesceSeconds(run.plan),
    beginTimeoutSeconds: beginSeconds(run.plan.hooks),
    patientUntil: run.plan.windowSeconds === undefined ? run.window.intendedAt : run.window.deadlineAt,
  };
}

/** Also when an earlier attempt of this very step wrote it: nothing was held by that one yet. */
const isIntended = (run: Run | undefined): run is HoldingRun =>
  run?.state === 'holding' &&
  run.plan !== undefined &&
  run.window !== undefined &&
  run.window.releaseSentAt === undefined;

/**
 * The lease that admitted the run ends by the clock, and planning may have waited for long: whoever has the workload by now must not be held still under.
 * From here it lasts as long as the window may.
 */
async function keepLease(workload: string, runId: string, plan: RunPlan): Promise<void> {
  const nowMs = Date.now();
  const untilAt = runLeaseUntil(nowMs, longestSeconds(plan));
  const takenAt = new Date(nowMs).toISOString();
  const lease = await takeLease(workload, { holder: runId, kind: 'run', takenAt, untilAt });
  if (!lease.taken) throw invalidRequest(heldBy(workload, lease.by));
}

/**
 * Another workload's recovery stops an instance that both have volumes on, and what is planned meanwhile is refused for that, or of volumes that are
 * about to be exchanged.
 */
async function waitForRecoveries(workload: string, { members }: RunPlan, others: readonly Workload[]): Promise<void> {
  const isShared = others.some((other) => other.members.some(({ kind }) => isOfInstances(kind)));
  if (!isShared || !members.some(({ kind }) => isOfInstances(kind))) return;
  const inTheWay = await recoveriesUnderWay(workload, members);
  if (inTheWay.length > 0) throw busyFault(inTheWay.join('\n'));
}

/** Slots are the run's, whatever kinds need them; each kind has tokens of its own. */
async function reserve(runId: string, reservations: readonly Reservation[]): Promise<void> {
  const [first] = reservations;
  if (first === undefined) return;
  const slots = reservations.reduce((sum, each) => sum + each.slots, 0);
  await reserveSlots(runId, slots, first.region);
  for (const reservation of reservations) await reserveTokens(runId, reservation);
}

async function reserveSlots(runId: string, slots: number, region: RegionSlots): Promise<void> {
  if (!(await takeSlots(runId, slots, region, Date.now()))) {
    throw busyFault(
      `${slots} pending-snapshot slots are needed and not free: the Region has ${region.limit}, for all runs and for what others have pending.`,
    );
  }
}

async function reserveTokens(runId: string, { tokens, bucket }: Reservation): Promise<void> {
  if (!(await drawTokens(bucket, runId, tokens, Date.now()))) {
    throw busyFault(`${tokens} ${bucket.name} tokens are needed and not free: other runs have drawn them.`);
  }
}

const tiersOf = (plan: RunPlan): readonly number[] =>
  [...new Set(plan.members.map(({ tier }) => tier))].sort((a, b) => a - b);

export const handler = step('plan-run', input, planRun);
