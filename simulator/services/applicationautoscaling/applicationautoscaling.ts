/** Application Auto Scaling: what is registered for it, as far as others look. It scales nothing here. */
import type { DescribeScalableTargetsRequest, SuspendedState } from '@aws-sdk/client-application-auto-scaling';
import type { Service } from '../../kernel/service.ts';

export interface ApplicationAutoScalingSimulation extends Service {
  /** By resource id: `service/<cluster>/<name>` of ECS. */
  readonly targets: Map<string, SuspendedState>;
}

export function createApplicationAutoScaling(): ApplicationAutoScalingSimulation {
  const targets = new Map<string, SuspendedState>();
  return {
    name: 'application-autoscaling',
    client: () => import('@aws-sdk/client-application-auto-scaling'),
    operations: {
      DescribeScalableTargets: ({
        ServiceNamespace,
        ResourceIds = [...targets.keys()],
      }: DescribeScalableTargetsRequest) => ({
        ScalableTargets: ResourceIds.flatMap((ResourceId) => {
          const SuspendedState = targets.get(ResourceId);
          if (SuspendedState === undefined) return [];
          return [{ ServiceNamespace, ResourceId, ScalableDimension: 'ecs:service:DesiredCount', SuspendedState }];
        }),
      }),
    },
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsapplicationautoscaling.html
    access: (operation) => [{ action: `application-autoscaling:${operation}`, resource: '*' }],
    targets,
  };
}
