/**
 * Begins a run that has its slots. Whatever dies in between, the next sweep goes on: until its execution is on its way the run
 * stays among those that wait, and each step can be repeated.
 */
import type { Run } from '#domain/run.ts';
import { runLeaseUntil } from '#domain/run-lease.ts';
import { takeLease } from '#ledger/lease.ts';
import { freeSlots } from '#ledger/reservations.ts';
import { changeRun, readRun } from '#ledger/runs.ts';
import { asFault } from '#platform/aws-errors.ts';
import { workloadOrRemoved } from '#platform/deployed-policy.ts';
import { environment } from '#platform/environment.ts';
import { startExecution } from '#platform/executions.ts';
import { closeRun } from './close-run.ts';
import { heldBy, refuseRun } from './refuse-run.ts';

/** Refuses the run when something else has taken the workload's lease while it waited. */
export async function admitRun(workload: string, runId: string): Promise<void> {
  const run = await readRun(workload, runId);
  if (run?.state !== 'waiting') return;
  const nowMs = Date.now();
  const takenAt = new Date(nowMs).toISOString();
  const untilAt = runLeaseUntil(nowMs, (workloadOrRemoved(workload).windowMinutes ?? 0) * 60);
  const lease = await takeLease(workload, { holder: runId, kind: 'run', takenAt, untilAt });
  if (lease.taken) return start(run, takenAt);
  await freeSlots(runId);
  await refuseRun(run, heldBy(workload, lease.by));
}

/** Planning may have begun, or even ended, before its beginning is written down here. */
async function start({ workload, id }: Run, admittedAt: string): Promise<void> {
  if (await isStarted(workload, id)) {
    await changeRun(workload, id, (now) =>
      now.state === 'waiting' ? { ...now, state: 'planning', admittedAt } : undefined,
    );
    return;
  }
  const message = `The execution ${id} had ended before the run was known to be planned.`;
  await closeRun(workload, id, { name: 'ExecutionLost', message, phase });
}

const phase = 'the execution itself';

/** What passes by itself is the next sweep's; what does not ends the run, since nobody watches one that waits. */
async function isStarted(workload: string, id: string): Promise<boolean> {
  try {
    return (await startExecution(environment.protectMachine(), id, { workload, runId: id })) === 'started';
  } catch (error) {
    const { name, message } = asFault(error, `starting the execution ${id}`);
    if (name !== 'TransientFault') await closeRun(workload, id, { name, message, phase });
    throw error;
  }
}
