/** Application Auto Scaling, as far as it scales tables and their indexes. Apart from what is asked of services, which functions with less room carry. */
import type { RegisterScalableTargetRequest } from '@aws-sdk/client-application-auto-scaling';
import * as z from 'zod/mini';
import type { CallerSettings } from '../aws/aws-caller.ts';
import { jsonCaller } from '../aws/json-caller.ts';
import { lazy } from '../lazy.ts';
import { applicationAutoScalingService } from './application-auto-scaling.ts';

const text = z.optional(z.string());
const flag = z.exactOptional(z.boolean());
const seconds = z.exactOptional(z.number());

export const suspendedState = lazy(() =>
  z.object({ DynamicScalingInSuspended: flag, DynamicScalingOutSuspended: flag, ScheduledScalingSuspended: flag }),
);

/** By one of the metrics that Application Auto Scaling knows itself: it names no table. */
export const targetTracking = lazy(() =>
  z.object({
    TargetValue: z.number(),
    PredefinedMetricSpecification: z.object({ PredefinedMetricType: z.string() }),
    ...{ ScaleOutCooldown: seconds, ScaleInCooldown: seconds, DisableScaleIn: flag },
  }),
);

const targets = lazy(() =>
  z.object({
    ScalableTargets: z._default(
      z.array(
        z.object({
          ...{
            ResourceId: z.string(),
            ScalableDimension: z.string(),
            MinCapacity: z.number(),
            MaxCapacity: z.number(),
          },
          SuspendedState: z.exactOptional(suspendedState()),
        }),
      ),
      [],
    ),
    NextToken: text,
  }),
);
const policies = lazy(() =>
  z.object({
    ScalingPolicies: z._default(
      z.array(
        z.object({
          ...{ PolicyName: z.string(), ScalableDimension: z.string() },
          TargetTrackingScalingPolicyConfiguration: z.unknown(),
        }),
      ),
      [],
    ),
    NextToken: text,
  }),
);
const actions = lazy(() =>
  z.object({
    ScheduledActions: z._default(z.array(z.object({ ScheduledActionName: z.string() })), []),
    NextToken: text,
  }),
);

interface Page {
  readonly NextToken?: string | undefined;
}
interface OfOne extends Page {
  readonly ResourceId: string;
}
interface Scaled {
  readonly ResourceId: string;
  readonly ScalableDimension: string;
}

const ServiceNamespace = 'dynamodb';

export const tableScaling = lazy(() => tableScalingOver());

export function tableScalingOver(settings?: CallerSettings) {
  const call = jsonCaller(applicationAutoScalingService, settings);
  return {
    describeScalableTargets: (input: Page & { readonly ResourceIds: readonly string[] }) =>
      call('DescribeScalableTargets', { ServiceNamespace, ...input }, targets()),
    describeScalingPolicies: (input: OfOne) =>
      call('DescribeScalingPolicies', { ServiceNamespace, ...input }, policies()),
    describeScheduledActions: (input: OfOne) =>
      call('DescribeScheduledActions', { ServiceNamespace, ...input }, actions()),
    registerScalableTarget: (
      input: Scaled & Pick<RegisterScalableTargetRequest, 'MinCapacity' | 'MaxCapacity' | 'SuspendedState'>,
    ) => call('RegisterScalableTarget', { ServiceNamespace, ...input }, z.unknown()),
    putScalingPolicy: (
      input: Scaled & {
        readonly PolicyName: string;
        readonly TargetTrackingScalingPolicyConfiguration: z.infer<ReturnType<typeof targetTracking>>;
      },
    ) => call('PutScalingPolicy', { ServiceNamespace, PolicyType: 'TargetTrackingScaling', ...input }, z.unknown()),
  };
}
