/** What a recovery has done in a guest for a resource that is made anew; how far that is goes with the target. */
import type { Recovery, RecoveryTarget } from '#domain/recovery.ts';
import { type GuestProgress, runGuestTasks } from '../ebs/restore/run-guest-tasks.ts';
import { pollBudgetMs } from '../pauses.ts';
import type { PhaseResult } from '../restorer.ts';
import { replacementDetail } from './replacement-detail.ts';

/** @throws as `runGuestTasks` */
export async function checkInGuest(
  target: RecoveryTarget,
  recovery: Recovery,
  instanceId: string,
): Promise<PhaseResult> {
  const detail = replacementDetail(target);
  const untilMs = Date.now() + pollBudgetMs;
  const { done, progress, verified } = await runGuestTasks({ ...known(detail.guest), instanceId }, recovery, untilMs);
  return { done, target: { ...target, ...verified, detail: { ...detail, guest: progress } } };
}

/** As an earlier call has left it. */
function known(guest: unknown): Omit<GuestProgress, 'instanceId'> {
  const { tasksDone, checkCommandId }: Partial<Record<keyof GuestProgress, unknown>> = { ...Object(guest) };
  return {
    ...(typeof tasksDone === 'number' ? { tasksDone } : {}),
    ...(typeof checkCommandId === 'string' ? { checkCommandId } : {}),
  };
}
