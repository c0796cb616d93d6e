/** Takes a last snapshot of what will be replaced, unless the policy says no. Not waited for. */
import * as z from 'zod/mini';
import { advanceRecovery } from '#flows/advance-recovery.ts';
import { step } from '#platform/step.ts';

export const input = z.object({ workload: z.string(), recoveryId: z.string() });

export const handler = step('take-safety-snapshot', input, (key) => advanceRecovery('safeguard', key));
