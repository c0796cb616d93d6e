/** Application Auto Scaling: what is registered for it, and by which policies, as far as others look. It scales nothing here. */
import type * as Scaling from '@aws-sdk/client-application-auto-scaling';
import { arn } from '../../iam/arn.ts';
import { type Access, ApiError, type Kernel, type Service } from '../../kernel/service.ts';
import { pageOf } from '../pages.ts';

export interface ApplicationAutoScalingSimulation extends Service {
  /** Of ECS, by resource id: `service/<cluster>/<name>`. */
  readonly targets: Map<string, Scaling.SuspendedState>;
  /** Of other services, by resource id and dimension. */
  readonly registered: Map<string, Scaling.ScalableTarget>;
  /** By resource id, dimension and name. */
  readonly policies: Map<string, Scaling.ScalingPolicy>;
  readonly scheduled: Scaling.ScheduledAction[];
}

const keyOf = (...parts: readonly (string | undefined)[]): string => parts.join(' ');

export function createApplicationAutoScaling(kernel: Kernel): ApplicationAutoScalingSimulation {
  const targets: ApplicationAutoScalingSimulation['targets'] = new Map();
  const registered: ApplicationAutoScalingSimulation['registered'] = new Map();
  const policies: ApplicationAutoScalingSimulation['policies'] = new Map();
  const scheduled: Scaling.ScheduledAction[] = [];
  const ofServices = (ids: readonly string[]): readonly Partial<Scaling.ScalableTarget>[] =>
    ids.flatMap((ResourceId) => {
      const SuspendedState = targets.get(ResourceId);
      if (SuspendedState === undefined) return [];
      return [{ ServiceNamespace: 'ecs', ResourceId, ScalableDimension: 'ecs:service:DesiredCount', SuspendedState }];
    });

  return {
    name: 'application-autoscaling',
    client: () => import('@aws-sdk/client-application-auto-scaling'),
    operations: {
      DescribeScalableTargets: (input: Scaling.DescribeScalableTargetsRequest) => {
        const { ServiceNamespace, ResourceIds = [...targets.keys()] } = input;
        const others = [...registered.values()].filter(({ ResourceId = '' }) => ResourceIds.includes(ResourceId));
        const found = ServiceNamespace === 'ecs' ? ofServices(ResourceIds) : others;
        return listed('ScalableTargets', found, 50, input);
      },
      DescribeScalingPolicies: (input: Scaling.DescribeScalingPoliciesRequest) => {
        const own = [...policies.values()].filter(({ ResourceId }) => ResourceId === input.ResourceId);
        return listed('ScalingPolicies', own, 10, input);
      },
      DescribeScheduledActions: (input: Scaling.DescribeScheduledActionsRequest) => {
        const own = scheduled.filter(({ ResourceId }) => ResourceId === input.ResourceId);
        return listed('ScheduledActions', own, 10, input);
      },
      RegisterScalableTarget: ({ Tags: _, ...target }: Scaling.RegisterScalableTargetRequest) => {
        const key = keyOf(target.ResourceId, target.ScalableDimension);
        const role = arn(kernel, 'iam', 'role/aws-service-role/dynamodb.application-autoscaling.amazonaws.com/its-own');
        registered.set(key, {
          ...{ MinCapacity: undefined, MaxCapacity: undefined, RoleARN: role },
          ...registered.get(key),
          ...target,
          CreationTime: new Date(kernel.clock.nowMs()),
        });
        return {};
      },
      PutScalingPolicy: (policy: Scaling.PutScalingPolicyRequest) => {
        const { ResourceId, ScalableDimension, PolicyName } = policy;
        if (!registered.has(keyOf(ResourceId, ScalableDimension)))
          throw new ApiError('ObjectNotFoundException', `No scalable target registered for ${ResourceId}`);
        const PolicyARN = arn(
          kernel,
          'autoscaling',
          `scalingPolicy:1:resource/dynamodb/${ResourceId}:policyName/${PolicyName}`,
        );
        policies.set(keyOf(ResourceId, ScalableDimension, PolicyName), {
          ...{ PolicyARN, PolicyType: 'TargetTrackingScaling', CreationTime: new Date(kernel.clock.nowMs()) },
          ...policy,
        });
        return { PolicyARN };
      },
    },
    access: (operation, input) => accessOf(kernel, operation, Object(input)),
    ...{ targets, registered, policies, scheduled },
  };
}

interface Paged {
  readonly NextToken?: string | undefined;
  readonly MaxResults?: number | undefined;
}

/** @param key of the list in the reply */
function listed<Item>(key: string, all: readonly Item[], most: number, { NextToken, MaxResults = most }: Paged) {
  const page = pageOf(all, NextToken, Math.min(MaxResults, most));
  return { [key]: page.items, NextToken: page.next };
}

/**
 * Of tables: the caller's own rights in DynamoDB and CloudWatch are asked for, too, in the caller's name.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsapplicationautoscaling.html
 * https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_permission_validation.html
 */
function accessOf(
  kernel: Kernel,
  operation: string,
  { ServiceNamespace, ResourceId = '' }: Scaling.RegisterScalableTargetRequest,
): readonly Access[] {
  const action = `application-autoscaling:${operation}`;
  if (operation.startsWith('Describe')) return [{ action, resource: '*' }];
  const context = { 'application-autoscaling:service-namespace': ServiceNamespace ?? '' };
  const via = { 'aws:ViaAWSService': 'true' };
  const table = arn(kernel, 'dynamodb', ResourceId.split('/').slice(0, 2).join('/'));
  return [
    { action, resource: arn(kernel, 'application-autoscaling', 'scalable-target/0ec1234567'), context },
    ...['DescribeTable', 'UpdateTable'].map((name) => ({ action: `dynamodb:${name}`, resource: table, context: via })),
    ...['DescribeAlarms', 'PutMetricAlarm', 'DeleteAlarms'].map((name) => ({
      ...{ action: `cloudwatch:${name}`, resource: arn(kernel, 'cloudwatch', 'alarm:*'), context: via },
    })),
  ];
}
