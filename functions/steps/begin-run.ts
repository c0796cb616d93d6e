/** Begins a run once per scheduled time: takes the workload's lease, or says who has it, and starts the execution. */
import * as z from 'zod/mini';
import { runRefused } from '#domain/mail/run-mails.ts';
import type { Workload } from '#domain/policy.ts';
import type { Run } from '#domain/run.ts';
import { runIdFor } from '#domain/run-id.ts';
import { aboutWorkload } from '#ledger/about-workload.ts';
import { dropLease, takeLease } from '#ledger/lease.ts';
import { oweNotice } from '#ledger/notices.ts';
import { changeRun, createRun, isOpen, runsOf } from '#ledger/runs.ts';
import { deployedWorkload } from '#platform/deployed-policy.ts';
import { environment } from '#platform/environment.ts';
import { startExecution } from '#platform/executions.ts';
import { step } from '#platform/step.ts';
import { wakeReport } from '#platform/wake-report.ts';

export const input = z.object({
  workload: z.string(),
  /** ISO 8601 in UTC; now, when an operator asks. */
  scheduledAt: z.optional(z.string()),
  trigger: z._default(z.enum(['schedule', 'operator']), 'operator'),
});
type Input = z.infer<typeof input>;

/** `begun`: the execution is on its way. `exists`: this time has had its run. `refused`: another holds the workload. */
export interface Output {
  readonly runId: string;
  readonly outcome: 'begun' | 'exists' | 'refused';
  readonly why?: string;
}

/** The longest that the protect execution may live (its TimeoutSeconds), and a margin. */
const leaseMs = 40 * 60_000;
/** Runs looked at for one that has not ended: more than can be open at once. */
const recentRuns = 5;

export async function beginRun({ workload: name, scheduledAt, trigger }: Input): Promise<Output> {
  const workload = deployedWorkload(name);
  const now = new Date().toISOString();
  const runId = runIdFor(name, scheduledAt ?? now);
  const run = newRun(runId, name, scheduledAt ?? now, trigger, now);
  const existing = await createRun(run);
  if (existing !== undefined && existing.state !== 'planning') return { runId, outcome: 'exists' };

  const why = await conflict(name, runId, now);
  if (why !== undefined) {
    await refuse(workload, run, why);
    return { runId, outcome: 'refused', why };
  }
  await startExecution(environment.protectMachine(), runId, { workload: workload.name, runId });
  return { runId, outcome: 'begun' };
}

const newRun = (
  id: string,
  workload: string,
  scheduledAt: string,
  trigger: Run['trigger'],
  startedAt: string,
): Run => ({
  id,
  workload,
  scheduledAt: new Date(scheduledAt).toISOString(),
  trigger,
  startedAt,
  state: 'planning',
  artifacts: [],
});

/** Takes the lease; a sentence when the workload is not free. */
async function conflict(workload: string, runId: string, now: string): Promise<string | undefined> {
  const untilAt = new Date(Date.parse(now) + leaseMs).toISOString();
  const lease = await takeLease(workload, { holder: runId, kind: 'run', takenAt: now, untilAt });
  if (!lease.taken) return `The ${lease.by.kind} ${lease.by.holder} has held ${workload} since ${lease.by.takenAt}.`;
  const unfinished = (await runsOf(workload, recentRuns)).find((run) => isOpen(run) && run.id !== runId);
  if (unfinished === undefined) return undefined;
  await dropLease(workload, runId);
  return `The run ${unfinished.id}, begun at ${unfinished.startedAt}, has not ended: it is ${unfinished.state}.`;
}

/** The mail first: a run that is marked refused is not looked at again. */
async function refuse(workload: Workload, { id, scheduledAt }: Run, why: string): Promise<void> {
  const now = new Date().toISOString();
  const mail = runRefused({ ...(await aboutWorkload(workload)), scheduledAt, reason: why });
  const owed = { audience: 'failures', workloads: [workload.name], createdAt: now } as const;
  await oweNotice({ ...owed, id: `run/${id}/refused`, ...mail });
  const failure = { name: 'BusyFault', message: why, phase: 'begin-run' };
  await changeRun(workload.name, id, (run) => ({ ...run, state: 'refused', failure, endedAt: now }));
  await wakeReport();
}

export const handler = step('begin-run', input, beginRun);
