/** Puts the new volumes under the same device names, DeleteOnTermination as before. */
import * as z from 'zod/mini';
import { advanceRecovery } from '#flows/advance-recovery.ts';
import { step } from '#platform/step.ts';

export const input = z.object({ workload: z.string(), recoveryId: z.string() });

export const handler = step('attach-volumes', input, (key) => advanceRecovery('attach', key));
