/** When even rolling back failed: writes down which volume is where and the commands to finish by hand, and calls a person. */
import * as z from 'zod/mini';
import { together } from '#domain/application-state.ts';
import { invariantBroken } from '#domain/faults.ts';
import type { Recovery, RecoveryState, RecoveryTarget } from '#domain/recovery.ts';
import { endStranded } from '#flows/end-recovery.ts';
import { readRecovery } from '#ledger/recoveries.ts';
import { asFault } from '#platform/aws-errors.ts';
import { caughtFailure, caughtSchema } from '#platform/caught.ts';
import { step } from '#platform/step.ts';
import type { Leftovers } from '#providers/restorer.ts';
import { restorerOf } from '#providers/restorers.ts';

export const input = z.object({
  workload: z.string(),
  recoveryId: z.string(),
  /** What the machine's Catch has put down. */
  rollBackFailure: caughtSchema,
});
type Input = z.infer<typeof input>;

export interface Output {
  readonly workload: string;
  readonly recoveryId: string;
  readonly state: RecoveryState;
}

export async function abandonRecovery({ workload, recoveryId, rollBackFailure }: Input): Promise<Output> {
  const recovery = await readRecovery(workload, recoveryId);
  if (recovery === undefined) throw invariantBroken(`The recovery ${recoveryId} is not in the ledger.`);
  const left = await Promise.all(recovery.plan.targets.map((target) => leftoversOf(target, recovery)));
  await endStranded(
    { workload, recoveryId },
    {
      application: together(left.map(({ application }) => application)),
      lines: [whyNotBack(rollBackFailure), ...left.flatMap(({ lines }) => lines)],
    },
  );
  return { workload, recoveryId, state: 'stranded' };
}

/** What is known of the others is told also where the record of one cannot be read. */
async function leftoversOf(target: RecoveryTarget, recovery: Recovery): Promise<Leftovers> {
  try {
    return await restorerOf(target.kind).leftovers(target, recovery);
  } catch (error) {
    return unknown(target, error);
  }
}

const unknown = ({ resource }: RecoveryTarget, error: unknown): Leftovers => ({
  application: 'unknown',
  lines: [`What is where at ${resource} could not be found out: ${asFault(error, `looking at ${resource}`).message}`],
});

function whyNotBack(caught: Input['rollBackFailure']): string {
  const { name, message } = caughtFailure(caught, 'rolling back');
  return `Why it could not be rolled back: ${name}: ${message}`;
}

export const handler = step('abandon-recovery', input, abandonRecovery);
