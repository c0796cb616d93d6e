/** Which hooks will run on which guests, and whether those guests can be asked. */
import type { GuestInstance } from '#domain/guest-instance.ts';
import type { EcsServiceHook, Hook } from '#domain/hook.ts';
import { runsOnNoGuest, takesArtifacts } from '#domain/hook-proof.ts';
import type { Workload } from '#domain/policy.ts';
import type { PlannedHook, UnheldInstance } from '#domain/run.ts';
import type { Agent } from '#platform/clients/ssm.ts';
import { agentsOf } from './agents-of.ts';
import { planEcsService } from './ecs-service/plan-ecs-service.ts';
import { hookOf } from './index.ts';
import { planLambda } from './lambda/plan.ts';
import { planWindowsVss } from './windows-vss/plan-windows-vss.ts';

export interface PlannedHooks {
  readonly hooks: readonly PlannedHook[];
  /** One sentence for each guest, or service, that cannot be held still, but for those that are `unheld`. */
  readonly refusals: readonly string[];
  /** Guests that cannot be asked, and whose workload prefers a crash-consistent point to none. */
  readonly unheld: readonly UnheldInstance[];
  /** Ids of all guests that cannot be asked. */
  readonly unreachable: readonly string[];
}

export async function planHooks(workload: Workload, instances: readonly GuestInstance[]): Promise<PlannedHooks> {
  const found = await Promise.all(workload.hooks.map((hook) => planHook(hook, workload, instances)));
  const hooks = found.flatMap((each) => each.hooks);
  const refusals = found.flatMap((each) => each.refusals);
  if (workload.hooks.every(({ kind }) => runsOnNoGuest(kind))) return { hooks, refusals, unheld: [], unreachable: [] };
  const agents = await agentsOf(instances.map(({ instanceId }) => instanceId));
  const silent = instances.flatMap((instance) => silence(instance, agents.get(instance.instanceId)) ?? []);
  const wrong = instances.flatMap(
    ({ instanceId }) => wrongPlatform(instanceId, agents.get(instanceId), workload.hooks) ?? [],
  );
  const isUnheld = workload.onQuiesceFailure === 'crash-consistent';
  return {
    hooks,
    refusals: [...refusals, ...[...(isUnheld ? [] : silent), ...wrong].map(({ problem }) => problem)],
    unheld: isUnheld ? silent : [],
    unreachable: [...silent, ...wrong].map(({ instanceId }) => instanceId),
  };
}

async function planHook(
  hook: Hook,
  workload: Workload,
  instances: readonly GuestInstance[],
): Promise<Pick<PlannedHooks, 'hooks' | 'refusals'>> {
  if (hook.kind === 'ecs-service') return planEcsService(hook);
  return { hooks: planned(hook, workload, instances), refusals: [] };
}

function planned(
  hook: Exclude<Hook, EcsServiceHook>,
  workload: Workload,
  instances: readonly GuestInstance[],
): readonly PlannedHook[] {
  if (hook.kind === 'windows-vss') return planWindowsVss(hook, instances);
  return hook.kind === 'lambda' ? planLambda(hook) : hookOf(hook.kind).plan(hook, workload, instances);
}

/** Why a guest does not answer. */
function silence(instance: GuestInstance, agent: Agent | undefined): UnheldInstance | undefined {
  const problem = whySilent(instance, agent);
  return problem === undefined ? undefined : { instanceId: instance.instanceId, problem };
}

function whySilent({ instanceId, state }: GuestInstance, agent: Agent | undefined): string | undefined {
  if (state !== 'running') {
    return `${instanceId} is ${state}, and its hooks need a running guest: start it, or leave the hooks out of the policy.`;
  }
  if (agent === undefined) {
    return `${instanceId} is not managed by Systems Manager: install the SSM agent and give the instance a role with AmazonSSMManagedInstanceCore.`;
  }
  if (agent.PingStatus !== 'Online') {
    return `The SSM agent of ${instanceId} is ${agent.PingStatus} (last heard of ${agent.LastPingDateTime?.toISOString() ?? 'never'}): its hooks cannot run.`;
  }
  return undefined;
}

/** Of an agent that has told its platform. Whatever the policy prefers, such hooks could never run. */
function wrongPlatform(
  instanceId: string,
  agent: Agent | undefined,
  hooks: readonly Hook[],
): UnheldInstance | undefined {
  const problem = agent === undefined ? undefined : platformProblem(instanceId, agent.PlatformType, hooks);
  return problem === undefined ? undefined : { instanceId, problem };
}

function platformProblem(instanceId: string, platform: string | undefined, hooks: readonly Hook[]): string | undefined {
  if (hooks.some(({ kind }) => takesArtifacts(kind))) {
    return platform === 'Windows'
      ? undefined
      : `${instanceId} runs ${platform ?? 'an unknown system'}, and windows-vss holds Windows guests only: give its workload another hook, or none.`;
  }
  if (platform === undefined || platform === 'Linux') return undefined;
  return `${instanceId} runs ${platform}, and hooks hold Linux guests only, but for windows-vss: use that alone, or leave the hooks out of its workload, whose points are then crash-consistent.`;
}
