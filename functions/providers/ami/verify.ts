/** Whether the application works on the new instance: the workload's own script says so, there. */
import type { Recovery, RecoveryTarget } from '#domain/recovery.ts';
import { checkInGuest } from '../replacement/check-in-guest.ts';
import { replacementDetail } from '../replacement/replacement-detail.ts';
import type { PhaseResult } from '../restorer.ts';
import { detailOf } from './detail.ts';

/** Without its instance profile no SSM agent answers there, so that a person has to look. */
export async function verifyInGuest(target: RecoveryTarget, recovery: Recovery): Promise<PhaseResult> {
  const { restoredId, settings } = replacementDetail(target);
  if (restoredId === undefined || detailOf(settings).withheldProfile !== undefined) return { done: true, target };
  return checkInGuest(target, recovery, restoredId);
}
