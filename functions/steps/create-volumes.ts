/** Makes all new volumes and waits until they are available, before the instance is touched. */
import * as z from 'zod/mini';
import { advanceRecovery } from '#flows/advance-recovery.ts';
import { step } from '#platform/step.ts';

export const input = z.object({ workload: z.string(), recoveryId: z.string() });

export const handler = step('create-volumes', input, (key) => advanceRecovery('create', key));
