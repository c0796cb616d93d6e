import { holdsEverywhere, scalesService } from './hook-proof.ts';
import type { PlannedHook } from './run.ts';

/**
 * What a person types to let go what is held on no instance: an ECS service is put back as the plan found it, an owner's function is asked as
 * Holdfast asks it. Undefined for hooks of guests, which have scripts of their own.
 */
export function releaseCommand(hook: PlannedHook, runId: string): string | undefined {
  const { kind, instanceId, deadlineSeconds, parameters } = hook;
  if (holdsEverywhere(kind)) {
    const payload = JSON.stringify({ action: 'release', run: runId, deadlineSeconds });
    return `aws lambda invoke --function-name ${instanceId} --cli-binary-format raw-in-base64-out --payload '${payload}' /dev/stdout`;
  }
  if (!scalesService(kind)) return undefined;
  const { cluster, service, desiredCount } = parameters;
  return `aws ecs update-service --cluster ${cluster} --service ${service} --desired-count ${desiredCount}`;
}
