/** Whether the instance is well; then temporary files go, and a script of the owner's says whether the application works. */
import { DescribeInstanceStatusCommand, type InstanceStatus } from '@aws-sdk/client-ec2';
import { providerFault } from '#domain/faults.ts';
import type { Recovery, RecoveryTarget } from '#domain/recovery.ts';
import { faultWhile } from '#platform/aws-errors.ts';
import { ec2 } from '#platform/clients/ec2.ts';
import { pollBudgetMs } from '../../pauses.ts';
import type { PhaseResult } from '../../restorer.ts';
import { type Decision, drive, nothingToDo } from './drive.ts';
import { type RestoreDetail, restoreDetail, targetOf } from './restore-detail.ts';
import { runGuestTasks } from './run-guest-tasks.ts';

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
    .catch(faultWhile(`asking for the status checks of ${instanceId}`));
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

async function inGuest(detail: RestoreDetail, recovery: Recovery, untilMs: number): Promise<PhaseResult> {
  const { done, progress, verified } = await runGuestTasks(detail, recovery, untilMs);
  return { done, target: { ...targetOf({ ...withoutCommand(detail), ...progress }), ...verified } };
}

function withoutCommand(detail: RestoreDetail): RestoreDetail {
  const { checkCommandId: _, ...rest } = detail;
  return restoreDetail({ kind: 'ebs', resource: detail.instanceId, detail: rest });
}
