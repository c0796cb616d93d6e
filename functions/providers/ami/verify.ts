/** Whether the application works on the new instance: the workload's own script says so, there. */
import type { Recovery, RecoveryTarget } from '#domain/recovery.ts';
import { type GuestProgress, runGuestTasks } from '../ebs/restore/run-guest-tasks.ts';
import { pollBudgetMs } from '../pauses.ts';
import { replacementDetail } from '../replacement/replacement-detail.ts';
import type { PhaseResult } from '../restorer.ts';
import { detailOf } from './detail.ts';

/** Without its instance profile no SSM agent answers there, so that a person has to look. */
export async function verifyInGuest(target: RecoveryTarget, recovery: Recovery): Promise<PhaseResult> {
  const detail = replacementDetail(target);
  const { restoredId: instanceId, settings } = detail;
  if (instanceId === undefined || detailOf(settings).withheldProfile !== undefined) return { done: true, target };
  const untilMs = Date.now() + pollBudgetMs;
  const { done, progress } = await runGuestTasks({ ...known(detail.guest), instanceId }, recovery, untilMs);
  return { done, target: { ...target, detail: { ...detail, guest: progress } } };
}

/** As `verifyInGuest` has left it. */
function known(guest: unknown): Omit<GuestProgress, 'instanceId'> {
  const { tasksDone, checkCommandId }: Partial<Record<keyof GuestProgress, unknown>> = { ...Object(guest) };
  return {
    ...(typeof tasksDone === 'number' ? { tasksDone } : {}),
    ...(typeof checkCommandId === 'string' ? { checkCommandId } : {}),
  };
}
