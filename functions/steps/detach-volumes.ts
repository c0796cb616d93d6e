/** Tags the replaced volumes with who, when, why and until when, and takes them off. None is deleted. */
import * as z from 'zod/mini';
import { advanceRecovery } from '#flows/advance-recovery.ts';
import { step } from '#platform/step.ts';

export const input = z.object({ workload: z.string(), recoveryId: z.string() });

export const handler = step('detach-volumes', input, (key) => advanceRecovery('detach', key));
