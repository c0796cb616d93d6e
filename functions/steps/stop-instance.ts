/** Stops the instance; one that was found stopped stays so. */
import * as z from 'zod/mini';
import { advanceRecovery } from '#flows/advance-recovery.ts';
import { step } from '#platform/step.ts';

export const input = z.object({ workload: z.string(), recoveryId: z.string() });

export const handler = step('stop-instance', input, (key) => advanceRecovery('stop', key));
