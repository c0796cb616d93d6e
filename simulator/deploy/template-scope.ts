import type { Kernel } from '../kernel/service.ts';
import { isObject, type Json, NO_VALUE, resolve, type Scope } from './resolve.ts';
import type { Built } from './resource-builder.ts';

export interface StackIdentity {
  readonly name: string;
  readonly id: string;
  /** Values given for the template's parameters. */
  readonly parameters: Readonly<Record<string, string>>;
}

function section(template: Json, name: string): Json {
  const value = template[name];
  return isObject(value) ? value : {};
}

function pseudoParameters(kernel: Kernel, stack: StackIdentity): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>([
    ['AWS::AccountId', kernel.account],
    ['AWS::NoValue', NO_VALUE],
    ['AWS::NotificationARNs', []],
    ['AWS::Partition', 'aws'],
    ['AWS::Region', kernel.regionName],
    ['AWS::StackId', stack.id],
    ['AWS::StackName', stack.name],
    ['AWS::URLSuffix', 'amazonaws.com'],
  ]);
}

function parameterValue(template: Json, stack: StackIdentity, name: string): unknown {
  const declared = section(template, 'Parameters')[name];
  if (!isObject(declared)) return undefined;
  const value = stack.parameters[name] ?? declared.Default;
  if (value === undefined) throw new Error(`parameter ${name} has no value`);
  return /^(CommaDelimitedList|List<)/.test(String(declared.Type)) ? String(value).split(',') : value;
}

/** What names in this template stand for, while its resources are being built into `built`. */
export function templateScope(
  template: Json,
  kernel: Kernel,
  stack: StackIdentity,
  built: ReadonlyMap<string, Built>,
): Scope {
  const pseudo = pseudoParameters(kernel, stack);
  const resource = (logicalId: string): Built => {
    const found = built.get(logicalId);
    if (!found) throw new Error(`template has nothing named ${logicalId}, or not yet`);
    return found;
  };
  const scope: Scope = {
    ref: (name) => {
      if (pseudo.has(name)) return pseudo.get(name);
      return parameterValue(template, stack, name) ?? resource(name).ref;
    },
    attribute: (logicalId, name) => {
      const value = resource(logicalId).attributes[name];
      if (value === undefined) throw new Error(`${logicalId} has no attribute ${name} here`);
      return value;
    },
    condition: (name) => {
      const declared = section(template, 'Conditions')[name];
      if (declared === undefined) throw new Error(`no condition ${name}`);
      return Boolean(resolve(declared, scope));
    },
    mapping: (map, key, name) => {
      const row = section(section(template, 'Mappings'), map)[key];
      const value = isObject(row) ? row[name] : undefined;
      if (value === undefined) throw new Error(`nothing mapped at ${map}.${key}.${name}`);
      return value;
    },
  };
  return scope;
}
