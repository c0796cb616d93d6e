import { scalesService } from './hook-proof.ts';
import type { PlannedHook } from './run.ts';

/** What a person types to put an ECS service back as the plan found it; undefined for hooks that hold no such service. */
export function putBackCommand({ kind, parameters }: PlannedHook): string | undefined {
  if (!scalesService(kind)) return undefined;
  const { cluster, service, desiredCount } = parameters;
  return `aws ecs update-service --cluster ${cluster} --service ${service} --desired-count ${desiredCount}`;
}
