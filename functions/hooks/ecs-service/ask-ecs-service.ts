import type { PlannedHook } from '#domain/run.ts';
import type { GuestOutcome } from '../guest.ts';
import { quiesceService } from './quiesce-service.ts';
import { releaseService } from './release-service.ts';

/** @param endsAtMs when the answer is due, epoch ms. @throws what the client throws when ECS refuses or gives no reply */
export const askEcsService = (
  action: 'quiesce' | 'release',
  hook: PlannedHook,
  endsAtMs: number,
): Promise<GuestOutcome> => (action === 'quiesce' ? quiesceService : releaseService)(hook, endsAtMs);
