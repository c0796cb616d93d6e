/** All that a recovery has done in a guest, one after another. It may take longer than one invocation: what is done, and the command under way, are kept. */
import { providerFault } from '#domain/faults.ts';
import type { Recovery, RecoveryTarget } from '#domain/recovery.ts';
import { limitMs, stageLimitMinutes, waitedMs } from '#domain/recovery-progress.ts';
import { firstPauseMs, nextPauseMs, pause } from '../../pauses.ts';
import { askTask, type GuestTask, guestTasks, sendTask, type TaskState } from './guest-task.ts';

export interface GuestProgress {
  readonly instanceId: string;
  /** So many of what is to be done, in order. */
  readonly tasksDone?: number;
  /** SSM command of the next one, when it is under way. */
  readonly checkCommandId?: string;
}

export interface GuestAnswer {
  readonly done: boolean;
  readonly progress: GuestProgress;
  /** For the target. */
  readonly verified: Pick<RecoveryTarget, 'verifiedOn'>;
}

type Unfinished = Exclude<TaskState, { readonly kind: 'passed' }>;

/**
 * @param untilMs epoch ms; then the answer is that it is not done, and worth calling again with what is known
 * @throws ProviderFault when a task has failed, or the stage has passed its limit
 */
export async function runGuestTasks(
  { instanceId, tasksDone = 0, checkCommandId }: GuestProgress,
  recovery: Recovery,
  untilMs: number,
): Promise<GuestAnswer> {
  const tasks = guestTasks(recovery.plan);
  const waited = () => waitedMs(recovery, 'verify', Date.now());
  let pauseMs = firstPauseMs(waited());
  let [done, commandId] = [tasksDone, checkCommandId];
  for (;;) {
    const task = tasks[done];
    if (task === undefined) {
      const verified = recovery.plan.verify === undefined ? {} : { verifiedOn: instanceId };
      return { done: true, progress: { instanceId, tasksDone: done }, verified };
    }
    const seen = await advance(task, instanceId, commandId, recovery.id);
    commandId = seen.kind === 'running' ? seen.commandId : undefined;
    if (seen.kind === 'passed') {
      done += 1;
      continue;
    }
    refuseFailure(task, seen, instanceId, recovery);
    if (!(await pause(pauseMs, untilMs))) {
      return { done: false, progress: progressOf(instanceId, done, commandId), verified: {} };
    }
    pauseMs = nextPauseMs(pauseMs, waited());
  }
}

const progressOf = (instanceId: string, tasksDone: number, commandId: string | undefined): GuestProgress => ({
  ...{ instanceId, tasksDone },
  ...(commandId === undefined ? {} : { checkCommandId: commandId }),
});

const advance = (task: GuestTask, instanceId: string, commandId: string | undefined, id: string): Promise<TaskState> =>
  commandId === undefined ? sendTask(instanceId, id, task) : askTask(instanceId, commandId, task);

function refuseFailure(task: GuestTask, seen: Unfinished, instanceId: string, recovery: Recovery): void {
  if (seen.kind === 'failed') throw providerFault(`${instanceId}: ${task.name} ${task.failure}: ${seen.why}`);
  if (Date.now() < limitMs(recovery, 'verify')) return;
  throw providerFault(`${instanceId}: waited ${stageLimitMinutes.verify} minutes for ${task.name} (${seen.why}).`);
}
