/** Finds every reason why a recovery could not be, takes the workload's lease, and writes down what will be done, before it is. */
import * as z from 'zod/mini';
import { invalidRequest } from '#domain/faults.ts';
import type { Workload } from '#domain/policy.ts';
import { type Recovery, type RecoveryRequest, requestWordsLength } from '#domain/recovery.ts';
import { leaseHours } from '#domain/recovery-progress.ts';
import type { Verdict } from '#domain/verdict.ts';
import type { Progress } from '#flows/advance-recovery.ts';
import { draftRecovery, type RecoveryDraft } from '#flows/draft-recovery.ts';
import { otherRecoveries } from '#flows/other-recoveries.ts';
import { refuseRecovery } from '#flows/refuse-recovery.ts';
import { type Lease, readLease, takeLease } from '#ledger/lease.ts';
import { createPoint, readPoint } from '#ledger/points.ts';
import { changeRecovery, createRecovery, readRecovery } from '#ledger/recoveries.ts';
import { asFault } from '#platform/aws-errors.ts';
import { deployedWorkload } from '#platform/deployed-policy.ts';
import { step } from '#platform/step.ts';

const words = z.string().check(z.maxLength(requestWordsLength));

/** Strict: a misspelt `dryRun` must not recover for real. */
const request = z.strictObject({
  workload: words,
  point: z.exactOptional(words),
  before: z.exactOptional(words),
  toInstance: z.exactOptional(words),
  volumes: z.exactOptional(z.array(words)),
  replace: z.exactOptional(z.boolean()),
  rdb: z.exactOptional(z.array(words).check(z.minLength(1), z.maxLength(500))),
  dryRun: z.exactOptional(z.boolean()),
  requestedBy: z.exactOptional(words),
  reason: z.exactOptional(words),
});

export const input = z.object({ request, execution: z.object({ name: z.string() }) });
type Input = z.infer<typeof input>;

export type Output = DryRun | (Progress & { readonly dryRun: false });

/** Nothing was changed, and no lease taken. */
export interface DryRun {
  readonly dryRun: true;
  readonly workload: string;
  readonly point: string;
  readonly takenAt: string;
  /** Of what would be brought back. */
  readonly kinds: readonly string[];
  /** Of a point that the ledger has not. */
  readonly verdict?: Verdict;
  readonly calls: readonly string[];
  readonly warnings: readonly string[];
}

/** @throws InvalidRequest with every refusal, one a line; also owes them to the failure addresses, unless it is a dry run */
export async function planRecovery({ request, execution }: Input): Promise<Output> {
  const workload = deployedWorkload(request.workload);
  if (request.dryRun === true) return dryRun(workload, request);
  const existing = await readRecovery(workload.name, execution.name);
  if (existing !== undefined && existing.state !== 'planned')
    throw invalidRequest(`The recovery ${existing.id} has run: it is ${existing.state}.`);
  await orRefuse(request, execution.name, async () => {
    await refuseIfInTheWay(existing ?? (await begin(workload, request, execution.name)));
  });
  return { workload: workload.name, recoveryId: execution.name, done: true, dryRun: false };
}

async function dryRun(workload: Workload, request: RecoveryRequest): Promise<DryRun> {
  const { point, plan, from } = await draftRecovery(workload, request);
  const lease = await readLease(workload.name);
  const isHeld = lease !== undefined && lease.untilAt > new Date().toISOString();
  const inTheWay = [...(isHeld ? [heldBy(lease)] : []), ...(await otherRecoveries(workload.name, plan.targets))];
  return {
    dryRun: true,
    workload: workload.name,
    point: point.id,
    takenAt: point.takenAt,
    kinds: [...new Set(plan.targets.map(({ kind }) => kind))],
    ...(from === 'backup plan' ? { verdict: point.verdict } : {}),
    calls: plan.calls,
    warnings: [...plan.warnings, ...inTheWay.map((why) => `Now it would be refused: ${why}`)],
  };
}

/** The lease goes back with a refusal; after any other failure the machine tries again, and in the end rolls back, which gives it back. */
async function orRefuse(request: RecoveryRequest, id: string, planning: () => Promise<void>): Promise<void> {
  try {
    await planning();
  } catch (error) {
    const fault = asFault(error, `planning the recovery ${id}`);
    if (fault.name === 'InvalidRequest') await refuseRecovery(id, request, fault.message);
    throw fault;
  }
}

/** The lease comes first: what is being recovered, or held still, looks different every second. */
async function begin(workload: Workload, request: RecoveryRequest, id: string): Promise<Recovery> {
  await hold(workload, id);
  return record(workload.name, request, id, await draftRecovery(workload, request));
}

async function hold(workload: Workload, holder: string): Promise<void> {
  const now = Date.now();
  const takenAt = new Date(now).toISOString();
  const untilAt = new Date(now + leaseHours(workload) * 3_600_000).toISOString();
  const lease = await takeLease(workload.name, { holder, kind: 'recovery', takenAt, untilAt });
  if (!lease.taken) throw invalidRequest(heldBy(lease.by));
}

const heldBy = ({ kind, holder, takenAt, untilAt }: Lease): string =>
  `The ${kind} ${holder} has held the workload since ${takenAt}, and holds it until ${untilAt} at the latest.`;

async function record(
  workload: string,
  request: RecoveryRequest,
  id: string,
  { point, plan, from, lost }: RecoveryDraft,
): Promise<Recovery> {
  // All of them, or the next recovery, or retire, would take the ledger for whole.
  for (const each of lost) await createPoint(each);
  // Retire would end what the ledger has as a point, and what a plan has copied is AWS Backup's to end.
  const own = from === 'backup plan' ? { point } : {};
  const recovery: Recovery = {
    ...{ id, workload, request, pointId: point.id, plan, phases: [] },
    ...{ startedAt: new Date().toISOString(), state: 'planned', ...own },
  };
  await createRecovery(recovery);
  return recovery;
}

/**
 * Retire looks for recoveries after it has written its plan, and this looks for the plan after the recovery: one of them sees. So do two recoveries. Whoever
 * wrote the record may have gone no further, so this is looked at by every attempt.
 */
async function refuseIfInTheWay({ workload, id, pointId, plan }: Recovery): Promise<void> {
  const refusals = [...(await retiring(workload, pointId)), ...(await otherRecoveries(workload, plan.targets))];
  if (refusals.length === 0) return;
  const refusal = invalidRequest(refusals.join('\n'));
  const failure = { name: refusal.name, message: refusal.message, phase: 'planning' };
  const endedAt = new Date().toISOString();
  await changeRecovery(workload, id, (recovery) =>
    recovery.state === 'planned' ? { ...recovery, state: 'refused', failure, endedAt } : undefined,
  );
  throw refusal;
}

/** @returns a sentence or none */
async function retiring(workload: string, pointId: string): Promise<readonly string[]> {
  const { retire } = (await readPoint(workload, pointId)) ?? {};
  return retire === undefined ? [] : [`The point ${pointId} is being retired (${retire.reason}): choose a newer one.`];
}

export const handler = step('plan-recovery', input, planRecovery);
