/**
 * EventBridge event patterns. Everything the pattern names must match; unknown operators are refused when the rule is made.
 * Source: EventBridge User Guide, "Comparison operators for use in event patterns".
 */

import { isObject, type Json } from '../../kernel/json.ts';

export type EventPattern = Json;

type Match = (value: unknown) => boolean;
type MakeMatch = (operand: unknown) => Match;

const isText = (value: unknown): value is string => typeof value === 'string';

function text(operand: unknown, operator: string): string {
  if (!isText(operand)) throw new Error(`event pattern: ${operator} wants a string, not ${JSON.stringify(operand)}`);
  return operand;
}

/** `prefix` and `suffix` take a string, or `{ "equals-ignore-case": … }`. */
function affix(operator: string, holds: (value: string, operand: string) => boolean): MakeMatch {
  return (operand) => {
    if (isObject(operand)) {
      const lower = text(operand['equals-ignore-case'], operator).toLowerCase();
      return (value) => isText(value) && holds(value.toLowerCase(), lower);
    }
    const wanted = text(operand, operator);
    return (value) => isText(value) && holds(value, wanted);
  };
}

function wildcard(operand: unknown): Match {
  const parts = text(operand, 'wildcard').split('*');
  const pattern = new RegExp(`^${parts.map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('.*')}$`, 's');
  return (value) => isText(value) && pattern.test(value);
}

const COMPARE: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '=': (left, right) => left === right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

function numeric(operand: unknown): Match {
  if (!Array.isArray(operand) || operand.length % 2 !== 0)
    throw new Error('event pattern: numeric wants [operator, number, …]');
  const tests = Array.from({ length: operand.length / 2 }, (_, index) => {
    const compare = COMPARE[String(operand[index * 2])];
    const limit: unknown = operand[index * 2 + 1];
    if (!compare || typeof limit !== 'number') throw new Error(`event pattern: bad numeric ${JSON.stringify(operand)}`);
    return (value: number) => compare(value, limit);
  });
  return (value) => typeof value === 'number' && tests.every((holds) => holds(value));
}

/** A value, a list of values, or one operator (whose own operand may be a list). A missing field never matches. */
function anythingBut(operand: unknown): Match {
  const refuse = isObject(operand)
    ? Object.entries(operand).flatMap(([operator, inner]) =>
        (Array.isArray(inner) ? inner : [inner]).map((each: unknown) => operatorMatch(operator, each)),
      )
    : (Array.isArray(operand) ? operand : [operand]).map((each: unknown) => (value: unknown) => value === each);
  return (value) => value !== undefined && !refuse.some((holds) => holds(value));
}

const OPERATORS: Readonly<Record<string, MakeMatch>> = {
  prefix: affix('prefix', (value, operand) => value.startsWith(operand)),
  suffix: affix('suffix', (value, operand) => value.endsWith(operand)),
  'equals-ignore-case': (operand) => {
    const lower = text(operand, 'equals-ignore-case').toLowerCase();
    return (value) => isText(value) && value.toLowerCase() === lower;
  },
  wildcard,
  numeric,
  exists: (operand) => (value) => (value !== undefined) === operand,
  'anything-but': anythingBut,
};

function operatorMatch(operator: string, operand: unknown): Match {
  const make = OPERATORS[operator];
  if (!make) throw new Error(`event pattern: unknown operator ${operator}`);
  return make(operand);
}

function leafMatch(leaf: unknown): Match {
  if (!isObject(leaf)) return (value) => value === leaf;
  const entries = Object.entries(leaf);
  const [only] = entries;
  if (!only || entries.length > 1) throw new Error(`event pattern: one operator a value: ${JSON.stringify(leaf)}`);
  return operatorMatch(only[0], only[1]);
}

/** An array in the event matches when one of its elements does. */
function listMatch(list: readonly unknown[]): Match {
  const matches = list.map(leafMatch);
  return (value) => {
    const candidates: readonly unknown[] = Array.isArray(value) && value.length > 0 ? value : [value];
    return candidates.some((candidate) => matches.some((holds) => holds(candidate)));
  };
}

function fieldMatch(key: string, wanted: unknown): Match {
  if (key === '$or' && Array.isArray(wanted)) {
    const branches = wanted.map((each: unknown) => objectMatch(each, '$or'));
    return (event) => branches.some((holds) => holds(event));
  }
  const holds = Array.isArray(wanted) ? listMatch(wanted) : objectMatch(wanted, key);
  return (event) => holds(isObject(event) ? event[key] : undefined);
}

function objectMatch(pattern: unknown, key: string): Match {
  if (!isObject(pattern)) throw new Error(`event pattern: ${key} must be an array or an object`);
  const fields = Object.entries(pattern).map(([name, wanted]) => fieldMatch(name, wanted));
  return (event) =>
    Array.isArray(event)
      ? event.some((element) => fields.every((holds) => holds(element)))
      : fields.every((holds) => holds(event));
}

/** Compiles a pattern into a test of whole events. Throws on what EventBridge would refuse. */
export function compilePattern(pattern: EventPattern): (event: Readonly<Record<string, unknown>>) => boolean {
  return objectMatch(pattern, 'pattern');
}
