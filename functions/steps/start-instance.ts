/** Starts the instance, if it was running when it was found. */
import * as z from 'zod/mini';
import { advanceRecovery } from '#flows/advance-recovery.ts';
import { step } from '#platform/step.ts';

export const input = z.object({ workload: z.string(), recoveryId: z.string() });

export const handler = step('start-instance', input, (key) => advanceRecovery('start', key));
