/** Whether the instance is well and, by a script of the owner's, whether the application works. */
import { DescribeInstanceStatusCommand, type InstanceStatus } from '@aws-sdk/client-ec2';
import { providerFault } from '#domain/faults.ts';
import type { Recovery, RecoveryTarget } from '#domain/recovery.ts';
import { limitMs, stageLimitMinutes, waitedMs } from '#domain/recovery-progress.ts';
import { asFault } from '#platform/aws-errors.ts';
import { ec2 } from '#platform/clients/ec2.ts';
import type { PhaseResult } from '../../restorer.ts';
import { type Decision, drive, nothingToDo, pollBudgetMs } from './drive.ts';
import { firstPauseMs, nextPauseMs } from './pauses.ts';
import { type RestoreDetail, restoreDetail, targetOf } from './restore-detail.ts';
import { askCheck, sendCheck } from './verify-script.ts';

/** An instance that was found stopped is left stopped, so there is nothing to verify. */
export async function verify(target: RecoveryTarget, recovery: Recovery): Promise<PhaseResult> {
  const untilMs = Date.now() + pollBudgetMs;
  const detail = restoreDetail(target);
  if (!detail.wasRunning) return { done: true, target };
  if (detail.checkedStatus !== true) {
    const look = () => statusOf(detail.instanceId);
    const healthy = await drive({ target, recovery, stage: 'verify', look, decide: decideStatus });
    if (!healthy.done) return healthy;
  }
  return check({ ...detail, checkedStatus: true }, recovery, untilMs);
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

/** The script may take longer than one invocation: its command's id is kept, and asked for again. */
async function check(found: RestoreDetail, recovery: Recovery, untilMs: number): Promise<PhaseResult> {
  const path = recovery.plan.verify;
  const waited = () => waitedMs(recovery, 'verify', Date.now());
  let detail = found;
  let pauseMs = firstPauseMs(waited());
  if (path === undefined) return { done: true, target: targetOf(detail) };
  for (;;) {
    const { instanceId, checkCommandId } = detail;
    const seen =
      checkCommandId === undefined
        ? await sendCheck(instanceId, recovery.id, path)
        : await askCheck(instanceId, checkCommandId);
    if (seen.kind === 'passed') return { done: true, target: targetOf(detail) };
    if (seen.kind === 'failed') {
      throw providerFault(
        `The verify script ${path} on ${instanceId} says that the application does not work: ${seen.why}`,
      );
    }
    detail = withCommand(detail, seen.kind === 'running' ? seen.commandId : undefined);
    if (Date.now() >= limitMs(recovery, 'verify')) {
      throw providerFault(
        `${instanceId}: waited ${stageLimitMinutes.verify} minutes for the verify script ${path} (${seen.why}).`,
      );
    }
    if (Date.now() + pauseMs > untilMs) return { done: false, target: targetOf(detail) };
    await new Promise<void>((resolve) => setTimeout(resolve, pauseMs));
    pauseMs = nextPauseMs(pauseMs, waited());
  }
}

function withCommand(detail: RestoreDetail, commandId: string | undefined): RestoreDetail {
  if (commandId !== undefined) return { ...detail, checkCommandId: commandId };
  const { checkCommandId: _, ...rest } = detail;
  return restoreDetail({ kind: 'ebs', resource: detail.instanceId, detail: rest });
}
