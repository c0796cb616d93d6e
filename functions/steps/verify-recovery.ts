/** Waits for the status checks, has temporary files taken away and asks the owner's verify script whether the application works. */
import * as z from 'zod/mini';
import { advanceRecovery } from '#flows/advance-recovery.ts';
import { step } from '#platform/step.ts';

export const input = z.object({ workload: z.string(), recoveryId: z.string() });

export const handler = step('verify-recovery', input, (key) => advanceRecovery('verify', key));
