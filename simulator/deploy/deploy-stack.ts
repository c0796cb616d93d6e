/** Builds what a synthesized template says, in the region. */
import { createHash } from 'node:crypto';
import type { Kernel } from '../kernel/service.ts';
import { BACKUP_RESOURCES } from './backup-resources.ts';
import { COMPUTE_RESOURCES } from './compute-resources.ts';
import { creationOrder } from './creation-order.ts';
import { DATA_RESOURCES } from './data-resources.ts';
import type { DeployableServices } from './deployable-services.ts';
import { IAM_RESOURCES } from './iam-resources.ts';
import type { Assembly } from './read-assembly.ts';
import { isObject, type Json, resolve, type Scope } from './resolve.ts';
import type { Build, Built, Site } from './resource-builder.ts';
import type { ResourcePolicies } from './resource-policies.ts';
import type { Roles } from './roles.ts';
import { SCHEDULE_RESOURCES } from './schedule-resources.ts';
import { type StackIdentity, templateScope } from './template-scope.ts';
import { WATCH_RESOURCES } from './watch-resources.ts';

const BUILDS: Readonly<Record<string, Build>> = {
  ...COMPUTE_RESOURCES,
  ...BACKUP_RESOURCES,
  ...DATA_RESOURCES,
  ...IAM_RESOURCES,
  ...SCHEDULE_RESOURCES,
  ...WATCH_RESOURCES,
};

/** Where stacks are deployed to. */
export interface Ground {
  readonly kernel: Kernel;
  readonly services: DeployableServices;
  readonly roles: Roles;
  readonly resourcePolicies: ResourcePolicies;
}

export interface StackResource extends Built {
  readonly type: string;
  /** DeletionPolicy Retain (or RetainExceptOnCreate): stays when the template drops it or the stack is deleted. */
  readonly retained: boolean;
}

export interface Stack extends StackIdentity {
  readonly resources: ReadonlyMap<string, StackResource>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly createdMs: number;
}

/** A name as CloudFormation makes them, the same at every deployment. */
function physicalName(stackName: string, logicalId: string, longest: number): string {
  const tail = createHash('sha256').update(`${stackName}/${logicalId}`).digest('hex').slice(0, 12).toUpperCase();
  return `${`${stackName}-${logicalId}`.slice(0, longest - 13)}-${tail}`;
}

function stackId(kernel: Kernel, name: string): string {
  return `arn:aws:cloudformation:${kernel.regionName}:${kernel.account}:stack/${name}/simulated`;
}

function siteFor(ground: Ground, assembly: Assembly, stackName: string, logicalId: string, previous?: Built): Site {
  return {
    ...ground,
    stackName,
    logicalId,
    previous,
    name: (given, longest = 64) => (typeof given === 'string' ? given : physicalName(stackName, logicalId, longest)),
    assetDirectory: assembly.assetDirectory,
  };
}

async function build(site: Site, resource: Json, scope: Scope): Promise<StackResource> {
  const type = String(resource.Type);
  try {
    const make = BUILDS[type];
    if (!make) throw new Error('this resource type is not simulated');
    const properties = resolve(resource.Properties ?? {}, scope);
    const built = await make(site, isObject(properties) ? properties : {});
    return { ...built, type, retained: /^Retain/.test(String(resource.DeletionPolicy)) };
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new Error(`${site.stackName}/${site.logicalId} (${type}): ${reason}`, { cause: thrown });
  }
}

function outputsOf(template: Json, scope: Scope): Record<string, string> {
  const outputs = Object.entries(isObject(template.Outputs) ? template.Outputs : {});
  const wanted = outputs.flatMap(([name, output]): [string, Json][] => {
    if (!isObject(output)) return [];
    const holds = typeof output.Condition !== 'string' || scope.condition(output.Condition);
    return holds ? [[name, output]] : [];
  });
  return Object.fromEntries(wanted.map(([name, output]) => [name, String(resolve(output.Value, scope))]));
}

async function removeAll(resources: Iterable<StackResource>): Promise<void> {
  for (const resource of [...resources].reverse()) if (!resource.retained) await resource.remove?.();
}

/**
 * Creates the stack, or updates it: functions, definitions, rules and policies are replaced in place, tables, keys and
 * queues stay, what the template no longer has is deleted unless retained. Nothing is rolled back on an error.
 * @throws Error naming stack, resource and reason.
 */
export async function deployStack(
  ground: Ground,
  assembly: Assembly,
  name: string,
  options: { readonly parameters?: Readonly<Record<string, string>>; readonly previous?: Stack | undefined } = {},
): Promise<Stack> {
  const { template } = assembly;
  const identity = { name, id: stackId(ground.kernel, name), parameters: options.parameters ?? {} };
  const resources = isObject(template.Resources) ? template.Resources : {};
  const built = new Map<string, StackResource>();
  const scope = templateScope(template, ground.kernel, identity, built);
  for (const logicalId of creationOrder(resources)) {
    const resource = resources[logicalId];
    if (!isObject(resource)) continue;
    if (typeof resource.Condition === 'string' && !scope.condition(resource.Condition)) continue;
    const site = siteFor(ground, assembly, name, logicalId, options.previous?.resources.get(logicalId));
    built.set(logicalId, await build(site, resource, scope));
  }
  const dropped = [...(options.previous?.resources ?? [])].filter(([logicalId]) => !built.has(logicalId));
  await removeAll(dropped.map(([, resource]) => resource));
  const createdMs = options.previous?.createdMs ?? ground.kernel.clock.nowMs();
  return { ...identity, resources: built, outputs: outputsOf(template, scope), createdMs };
}

/** Deletes what the stack built, but for retained resources. */
export async function deleteStack(stack: Stack): Promise<void> {
  await removeAll(stack.resources.values());
}
