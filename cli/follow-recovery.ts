/** Watches one recovery until it has ended. Reads only; the recovery goes on whether or not somebody watches. */

import { durationWords } from '#domain/duration.ts';
import type { Recovery } from '#domain/recovery.ts';
import { hasEnded } from '#domain/recovery-progress.ts';
import { readRecovery } from '#ledger/recoveries.ts';
import { executionArn } from '#platform/executions.ts';
import { askPatiently, type Patience } from './ask-patiently.ts';
import { refusal } from './recovery-refusal.ts';
import { describeExecution } from './rehearse-recovery.ts';
import { wait } from './wait.ts';

const pollMs = 1000;

export interface Followed {
  readonly machineArn: string;
  readonly workload: string;
  /** The execution's name. */
  readonly id: string;
}

/**
 * Calls `onChange` with the recovery whenever its record has changed, and is patient with an AWS that does not answer.
 * @returns the ended recovery, or undefined when the signal aborted first
 * @throws Problem when it was refused before it had a record
 */
export async function followRecovery(
  followed: Followed,
  onChange: (recovery: Recovery) => void,
  patience: Patience,
): Promise<Recovery | undefined> {
  const { signal } = patience;
  let seen = '';
  while (signal?.aborted !== true) {
    const recovery = await askPatiently(() => look(followed), patience);
    const now = JSON.stringify(recovery);
    if (recovery !== undefined && now !== seen) onChange(recovery);
    if (recovery !== undefined && hasEnded(recovery)) return recovery;
    seen = now;
    await wait(pollMs, signal);
  }
  return undefined;
}

async function look({ machineArn, workload, id }: Followed): Promise<Recovery | undefined> {
  const recovery = await readRecovery(workload, id);
  if (recovery === undefined) await refuseWhenEnded(executionArn(machineArn, id), workload);
  return recovery;
}

async function refuseWhenEnded(arn: string, workload: string): Promise<void> {
  const execution = await describeExecution(arn);
  if (execution !== undefined && execution.status !== 'RUNNING' && execution.status !== 'SUCCEEDED')
    throw await refusal(workload, execution);
}

/** `create 42 s, stop 38 s`: the phases that are over. */
export const phaseTimes = ({ phases }: Recovery): readonly { readonly phase: string; readonly ms: number }[] =>
  phases.flatMap(({ phase, startedAt, endedAt }) =>
    endedAt === undefined ? [] : [{ phase, ms: Date.parse(endedAt) - Date.parse(startedAt) }],
  );

/** From the start of the recovery to its end, ms; undefined while it runs. */
export const tookMs = ({ startedAt, endedAt }: Recovery): number | undefined =>
  endedAt === undefined ? undefined : Date.parse(endedAt) - Date.parse(startedAt);

/** `within the RTO of 30 min`. */
export function objectiveWords(ms: number, rtoMinutes: number | undefined): string {
  if (rtoMinutes === undefined) return '';
  const words = `the RTO of ${durationWords(rtoMinutes * 60_000)}`;
  return ms <= rtoMinutes * 60_000 ? `within ${words}` : `PAST ${words}`;
}
