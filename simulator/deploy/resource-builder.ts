/** What builds one resource of a template, and what it has to work with. */
import type { Kernel, Service } from '../kernel/service.ts';
import type { DeployableServices } from './deployable-services.ts';
import type { Json } from './resolve.ts';
import type { ResourcePolicies } from './resource-policies.ts';
import type { Roles } from './roles.ts';

/** A resource that exists. */
export interface Built {
  /** What `Ref` gives. */
  readonly ref: string;
  /** What `Fn::GetAtt` gives. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Deletes it; absent: nothing to delete. */
  readonly remove?: () => unknown;
}

/** Everything a builder may use. */
export interface Site {
  readonly kernel: Kernel;
  readonly services: DeployableServices;
  readonly roles: Roles;
  readonly resourcePolicies: ResourcePolicies;
  readonly stackName: string;
  readonly logicalId: string;
  /** The same resource as the stack's last deployment built it. */
  readonly previous?: Built | undefined;
  /** The name from the template, or one made as CloudFormation makes them: `Stack-LogicalId-1A2B3C4D5E6F`. */
  name(given: unknown, longest?: number): string;
  /** The folder of a file asset. */
  assetDirectory(objectKey: string): string;
}

/** Creates the resource, or brings it up to date, from its properties (all intrinsic functions evaluated). */
export type Build = (site: Site, properties: Json) => Built | Promise<Built>;

/** Calls a service's own function as CloudFormation would, without the wire, latency or policies. */
export async function operate(site: Site, service: Service, operation: string, input: Json): Promise<Json> {
  const run = service.operations[operation];
  if (!run) throw new Error(`${service.name}:${operation} is not simulated`);
  const caller = { kind: 'service', arn: 'cloudformation.amazonaws.com', name: `stack:${site.stackName}` } as const;
  const call = { id: 'deployment', service: service.name, operation, caller, timeMs: site.kernel.clock.nowMs() };
  return Object(await run(input, call)) as Json;
}

/** A property that must be text. */
export function requiredText(properties: Json, name: string): string {
  const value = properties[name];
  if (typeof value === 'string') return value;
  throw new Error(`${name} must be text, not ${JSON.stringify(value)}`);
}

/** A property that may be text. */
export function optionalText(properties: Json, name: string): string | undefined {
  return properties[name] === undefined ? undefined : requiredText(properties, name);
}

/** A property that is a number, or text that looks like one, as templates have both. */
export function numberOr(properties: Json, name: string, otherwise: number): number {
  return properties[name] === undefined ? otherwise : Number(properties[name]);
}

/** A property that is a list; empty when absent. */
export function listOf(properties: Json, name: string): readonly unknown[] {
  const value = properties[name];
  return Array.isArray(value) ? value : [];
}

/** Refuses properties that this simulation would ignore although they change behaviour. */
export function refuse(properties: Json, ...names: readonly string[]): void {
  for (const name of names) if (properties[name] !== undefined) throw new Error(`${name} is not simulated`);
}
