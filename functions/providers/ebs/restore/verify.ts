/** Whether the instance is well; then temporary files go, and a script of the owner's says whether the application works. */
import { DescribeInstanceStatusCommand, type InstanceStatus } from '@aws-sdk/client-ec2';
import { providerFault } from '#domain/faults.ts';
import type { Recovery, RecoveryTarget } from '#domain/recovery.ts';
import { limitMs, stageLimitMinutes, waitedMs } from '#domain/recovery-progress.ts';
import { asFault } from '#platform/aws-errors.ts';
import { ec2 } from '#platform/clients/ec2.ts';
import { pollBudgetMs } from '../../drive.ts';
import { firstPauseMs, nextPauseMs } from '../../pauses.ts';
import type { PhaseResult } from '../../restorer.ts';
import { type Decision, drive, nothingToDo } from './drive.ts';
import { askTask, type GuestTask, guestTasks, sendTask, type TaskState } from './guest-task.ts';
import { type RestoreDetail, restoreDetail, targetOf } from './restore-detail.ts';

type Unfinished = Exclude<TaskState, { readonly kind: 'passed' }>;

/** An instance that was found stopped is left stopped, so nothing can be asked there. */
export async function verify(target: RecoveryTarget, recovery: Recovery): Promise<PhaseResult> {
  const untilMs = Date.now() + pollBudgetMs;
  const detail = restoreDetail(target);
  if (!detail.wasRunning) return { done: true, target };
  if (detail.checkedStatus !== true) {
    const look = () => statusOf(detail.instanceId);
    const healthy = await drive({ target, recovery, stage: 'verify', look, decide: decideStatus });
    if (!healthy.done) return healthy;
  }
  return inGuest({ ...detail, checkedStatus: true }, recovery, untilMs);
}

async function statusOf(instanceId: string): Promise<InstanceStatus | undefined> {
  const { InstanceStatuses = [] } = await ec2()
    .send(new DescribeInstanceStatusCommand({ InstanceIds: [instanceId], IncludeAllInstances: true }))
    .catch((error: unknown) => {
      throw asFault(error, `asking for the status checks of ${instanceId}`);
    });
  return InstanceStatuses[0];
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-system-instance-status-check.html */
export function decideStatus(seen: InstanceStatus | undefined): Decision {
  const state = seen?.InstanceState?.Name;
  if (seen !== undefined && state !== 'running' && state !== 'pending') {
    throw providerFault(
      `${seen.InstanceId} is ${state} after it was started: something stopped it, or it could not boot.`,
    );
  }
  const checks = {
    system: seen?.SystemStatus?.Status ?? 'unknown',
    instance: seen?.InstanceStatus?.Status ?? 'unknown',
    // Not every instance reports on its volumes.
    volumes: seen?.AttachedEbsStatus?.Status ?? 'ok',
  };
  const open = Object.entries(checks).filter(([, status]) => status !== 'ok' && status !== 'not-applicable');
  if (open.length === 0) return nothingToDo;
  return { actions: [], waitingFor: `status checks to pass (${open.map((check) => check.join(' ')).join(', ')})` };
}

/** All of it may take longer than one invocation: what is done, and the id of the command under way, are kept. */
async function inGuest(found: RestoreDetail, recovery: Recovery, untilMs: number): Promise<PhaseResult> {
  const tasks = guestTasks(recovery.plan);
  const waited = () => waitedMs(recovery, 'verify', Date.now());
  let detail = found;
  let pauseMs = firstPauseMs(waited());
  for (;;) {
    const task = tasks[detail.tasksDone ?? 0];
    if (task === undefined) return { done: true, target: targetOf(detail) };
    const seen = await advance(task, detail, recovery.id);
    detail = { ...withoutCommand(detail), ...learnt(detail, seen) };
    if (seen.kind === 'passed') continue;
    refuseFailure(task, seen, detail.instanceId, recovery);
    if (Date.now() + pauseMs > untilMs) return { done: false, target: targetOf(detail) };
    await new Promise<void>((resolve) => setTimeout(resolve, pauseMs));
    pauseMs = nextPauseMs(pauseMs, waited());
  }
}

const advance = (task: GuestTask, { instanceId, checkCommandId }: RestoreDetail, id: string): Promise<TaskState> =>
  checkCommandId === undefined ? sendTask(instanceId, id, task) : askTask(instanceId, checkCommandId, task);

function learnt({ tasksDone = 0 }: RestoreDetail, seen: TaskState): Partial<RestoreDetail> {
  if (seen.kind === 'passed') return { tasksDone: tasksDone + 1 };
  return seen.kind === 'running' ? { checkCommandId: seen.commandId } : {};
}

function withoutCommand(detail: RestoreDetail): RestoreDetail {
  const { checkCommandId: _, ...rest } = detail;
  return restoreDetail({ kind: 'ebs', resource: detail.instanceId, detail: rest });
}

/** @throws ProviderFault when the task has failed, or the stage has passed its limit */
function refuseFailure(task: GuestTask, seen: Unfinished, instanceId: string, recovery: Recovery): void {
  if (seen.kind === 'failed') throw providerFault(`${instanceId}: ${task.name} ${task.failure}: ${seen.why}`);
  if (Date.now() < limitMs(recovery, 'verify')) return;
  throw providerFault(`${instanceId}: waited ${stageLimitMinutes.verify} minutes for ${task.name} (${seen.why}).`);
}
