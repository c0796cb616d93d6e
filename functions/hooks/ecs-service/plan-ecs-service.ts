import type { EcsServiceHook } from '#domain/hook.ts';
import type { PlannedHook } from '#domain/run.ts';
import { applicationAutoScaling, type ScalableTarget } from '#platform/clients/application-auto-scaling.ts';
import type { EcsService } from '#platform/clients/ecs.ts';
import { countToRemember, findService } from './held-service.ts';

export interface PlannedService {
  readonly hooks: readonly PlannedHook[];
  /** A sentence for each reason why it cannot be held still. */
  readonly refusals: readonly string[];
}

/** @returns the hook with the desired count in it, for the ledger; none when it is refused. @throws what the clients throw */
export async function planEcsService(hook: EcsServiceHook): Promise<PlannedService> {
  const { kind, cluster, service, deadlineSeconds } = hook;
  const instanceId = `${cluster}/${service}`;
  const found = await findService(hook);
  if (found === undefined) {
    return {
      hooks: [],
      refusals: [`${instanceId} is no active service of ECS: correct its name, or leave its hook out.`],
    };
  }
  const refusals = [...serviceRefusals(instanceId, found), ...(await scalingRefusals(instanceId))];
  if (refusals.length > 0) return { hooks: [], refusals };
  const parameters = { cluster, service, desiredCount: String(countToRemember(found)) };
  return { hooks: [{ kind, instanceId, deadlineSeconds, parameters }], refusals };
}

function serviceRefusals(name: string, found: EcsService): readonly string[] {
  const { schedulingStrategy, deploymentController, taskSets, serviceArn } = found;
  const { type = 'ECS' } = deploymentController ?? {};
  return [
    schedulingStrategy === 'DAEMON' &&
      `${name} is a daemon service, which has a task on every instance and no desired count: hold it still by a lambda hook.`,
    type !== 'ECS' &&
      taskSets.length > 1 &&
      `A deployment of ${name} by ${type} is under way, and starts and stops tasks by itself: back up once it is over.`,
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html#ecs-resource-ids
    !serviceArn.endsWith(`:service/${name}`) &&
      `${name} has an ARN of the old format (${serviceArn}), which takes no tag to keep its desired count in: create the service anew.`,
  ].filter((refusal) => refusal !== false);
}

/**
 * With an alarm to scale out it raises even a count of 0, to its least.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-autoscaling-stepscaling.html
 */
async function scalingRefusals(name: string): Promise<readonly string[]> {
  const resource = `service/${name}`;
  const { ScalableTargets } = await applicationAutoScaling().describeScalableTargets({
    ServiceNamespace: 'ecs',
    ScalableDimension: 'ecs:service:DesiredCount',
    ResourceIds: [resource],
  });
  if (ScalableTargets.every(isSuspended)) return [];
  return [
    `Application Auto Scaling could start tasks of ${name} while it is held still. Hold it by a lambda hook that suspends that, or suspend it yourself: aws application-autoscaling register-scalable-target --service-namespace ecs --scalable-dimension ecs:service:DesiredCount --resource-id ${resource} --suspended-state DynamicScalingInSuspended=true,DynamicScalingOutSuspended=true,ScheduledScalingSuspended=true`,
  ];
}

const isSuspended = ({ SuspendedState }: ScalableTarget): boolean =>
  SuspendedState?.DynamicScalingOutSuspended === true && SuspendedState.ScheduledScalingSuspended === true;
