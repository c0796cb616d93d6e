/** Application Auto Scaling, as far as the functions use it: who else may change a service's desired count. */
import type { DescribeScalableTargetsCommandInput } from '@aws-sdk/client-application-auto-scaling';
import * as z from 'zod/mini';
import type { CallerSettings } from '../aws/aws-caller.ts';
import { govCloud } from '../aws/endpoint.ts';
import { jsonCaller } from '../aws/json-caller.ts';
import { lazy } from '../lazy.ts';

const suspendedState = z.object({
  DynamicScalingOutSuspended: z.optional(z.boolean()),
  ScheduledScalingSuspended: z.optional(z.boolean()),
});
const target = z.object({ ResourceId: z.string(), SuspendedState: z.optional(suspendedState) });
export type ScalableTarget = z.infer<typeof target>;
const described = z.object({ ScalableTargets: z._default(z.array(target), []) });

export interface ApplicationAutoScaling {
  describeScalableTargets(input: DescribeScalableTargetsCommandInput): Promise<z.infer<typeof described>>;
}

export const applicationAutoScalingService = {
  // As in AWS_ENDPOINT_URL_APPLICATION_AUTO_SCALING; the id itself has spaces.
  id: 'Application_Auto_Scaling',
  host: 'application-autoscaling',
  plainFipsRegions: govCloud,
  version: '1.1',
  target: 'AnyScaleFrontendService',
} as const;

export const applicationAutoScaling: () => ApplicationAutoScaling = lazy(() => applicationAutoScalingOver());

export function applicationAutoScalingOver(settings?: CallerSettings): ApplicationAutoScaling {
  const call = jsonCaller(applicationAutoScalingService, settings);
  return { describeScalableTargets: (input) => call('DescribeScalableTargets', input, described) };
}
