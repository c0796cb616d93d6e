/** CloudFormation's intrinsic functions. Source: CloudFormation Template Reference, "Intrinsic function reference". */

import { isObject, type Json } from '../kernel/json.ts';

export { isObject, type Json };

/** What names in a template stand for. Each throws when there is no such thing. */
export interface Scope {
  /** Parameters, pseudo parameters and resources. */
  ref(name: string): unknown;
  attribute(logicalId: string, name: string): unknown;
  condition(name: string): boolean;
  mapping(map: string, key: string, name: string): unknown;
}

/** The value of `AWS::NoValue`: the property is left out. */
export const NO_VALUE: unique symbol = Symbol('AWS::NoValue');

type Evaluate = (operand: unknown, scope: Scope) => unknown;

function items(operand: unknown, scope: Scope, name: string): readonly unknown[] {
  const value = resolve(operand, scope);
  if (!Array.isArray(value)) throw new Error(`${name} wants a list, not ${JSON.stringify(operand)}`);
  return value;
}

function join(operand: unknown, scope: Scope): string {
  const [separator, parts] = items(operand, scope, 'Fn::Join');
  if (!Array.isArray(parts)) throw new Error(`Fn::Join wants a list: ${JSON.stringify(operand)}`);
  return parts.map((part: unknown) => text(part, 'Fn::Join')).join(String(separator));
}

function text(value: unknown, name: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error(`${name} wants text, not ${JSON.stringify(value)}`);
}

function getAttribute(operand: unknown, scope: Scope): unknown {
  const path = typeof operand === 'string' ? operand.split('.') : items(operand, scope, 'Fn::GetAtt').map(String);
  const [logicalId = '', ...name] = path;
  return scope.attribute(logicalId, name.join('.'));
}

function substitute(operand: unknown, scope: Scope): string {
  const [template, own] = Array.isArray(operand) ? (operand as readonly unknown[]) : [operand, {}];
  const values = resolve(own ?? {}, scope);
  return String(template).replaceAll(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (isObject(values) && name in values) return text(values[name], 'Fn::Sub');
    return text(name.includes('.') ? getAttribute(name, scope) : scope.ref(name), 'Fn::Sub');
  });
}

function findInMap(operand: unknown, scope: Scope): unknown {
  const [map, key, name] = items(operand, scope, 'Fn::FindInMap').map(String);
  return scope.mapping(map ?? '', key ?? '', name ?? '');
}

function choose(operand: unknown, scope: Scope): unknown {
  if (!Array.isArray(operand)) throw new Error('Fn::If wants a list');
  return resolve(scope.condition(String(operand[0])) ? operand[1] : operand[2], scope);
}

function select(operand: unknown, scope: Scope): unknown {
  const [index, list] = items(operand, scope, 'Fn::Select');
  const chosen: unknown = Array.isArray(list) ? list[Number(index)] : undefined;
  if (chosen === undefined) throw new Error(`Fn::Select: nothing at ${String(index)}`);
  return chosen;
}

function split(operand: unknown, scope: Scope): readonly string[] {
  const [separator, whole] = items(operand, scope, 'Fn::Split');
  return text(whole, 'Fn::Split').split(String(separator));
}

const same = (operand: unknown, scope: Scope): boolean => {
  const [left, right] = items(operand, scope, 'Fn::Equals');
  return String(left) === String(right);
};

const FUNCTIONS: Readonly<Record<string, Evaluate>> = {
  Ref: (operand, scope) => scope.ref(String(operand)),
  Condition: (operand, scope) => scope.condition(String(operand)),
  'Fn::GetAtt': getAttribute,
  'Fn::Join': join,
  'Fn::Sub': substitute,
  'Fn::Select': select,
  'Fn::Split': split,
  'Fn::If': choose,
  'Fn::FindInMap': findInMap,
  'Fn::Base64': (operand, scope) => Buffer.from(text(resolve(operand, scope), 'Fn::Base64')).toString('base64'),
  'Fn::Equals': same,
  'Fn::And': (operand, scope) => items(operand, scope, 'Fn::And').every(Boolean),
  'Fn::Or': (operand, scope) => items(operand, scope, 'Fn::Or').some(Boolean),
  'Fn::Not': (operand, scope) => !items(operand, scope, 'Fn::Not')[0],
};

function intrinsic(value: Json): readonly [Evaluate, unknown] | undefined {
  const entries = Object.entries(value);
  const [only] = entries;
  if (!only || entries.length !== 1) return undefined;
  const [name, operand] = only;
  // `Condition` is also an ordinary key (of policy statements), whose value is no name.
  if (name === 'Condition' && typeof operand !== 'string') return undefined;
  const evaluate = FUNCTIONS[name];
  if (evaluate) return [evaluate, operand];
  if (name.startsWith('Fn::')) throw new Error(`${name} is not simulated`);
  return undefined;
}

/**
 * A template value with all intrinsic functions evaluated.
 * @throws Error on functions and references that are not known.
 */
export function resolve(value: unknown, scope: Scope): unknown {
  if (typeof value === 'string' && value.includes('{{resolve:')) throw new Error(`${value} is not simulated`);
  if (Array.isArray(value))
    return value.map((each: unknown) => resolve(each, scope)).filter((each) => each !== NO_VALUE);
  if (!isObject(value)) return value;
  const found = intrinsic(value);
  if (found) return found[0](found[1], scope);
  const entries = Object.entries(value).map(([key, each]): [string, unknown] => [key, resolve(each, scope)]);
  return Object.fromEntries(entries.filter(([, each]) => each !== NO_VALUE));
}

/** Names that a template value refers to, resources and parameters alike. */
export function referencesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, operand]) => {
    if (key === 'Ref') return [String(operand)];
    if (key === 'Fn::GetAtt') return [String(Array.isArray(operand) ? operand[0] : String(operand).split('.')[0])];
    if (key === 'Fn::Sub') {
      const template = String(Array.isArray(operand) ? operand[0] : operand);
      const names = [...template.matchAll(/\$\{([^!}.]+)[^}]*\}/g)].map((match) => match[1] ?? '');
      return [...names, ...(Array.isArray(operand) ? referencesIn(operand[1]) : [])];
    }
    return referencesIn(operand);
  });
}
