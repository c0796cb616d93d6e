/** Subscription filter policies on message attributes (SNS, "Amazon SNS subscription filter policies"). */
import type { MessageAttributeValue } from '@aws-sdk/client-sns';
import { ApiError } from '../../kernel/service.ts';

export type MessageAttributes = Readonly<Record<string, MessageAttributeValue>>;
type Test = (values: readonly string[] | undefined) => boolean;

export interface FilterPolicy {
  accepts(attributes: MessageAttributes): boolean;
}

function invalid(reason: string): ApiError {
  return new ApiError('InvalidParameter', `Invalid parameter: FilterPolicy: ${reason}`);
}

function some(test: (value: string) => boolean): Test {
  return (values) => values?.some(test) ?? false;
}

function textOperand(operand: unknown, operator: string): string {
  if (typeof operand !== 'string') throw invalid(`${operator} needs a string`);
  return operand;
}

function anythingBut(operand: unknown): Test {
  const forbidden = new Set([operand].flat().map(String));
  return some((value) => !forbidden.has(value));
}

/** `[">=", 1, "<", 5]` */
function numeric(operand: unknown): Test {
  if (!Array.isArray(operand)) throw invalid('numeric needs an array');
  const COMPARE: Readonly<Record<string, (one: number, other: number) => boolean>> = {
    '=': (one, other) => one === other,
    '<': (one, other) => one < other,
    '<=': (one, other) => one <= other,
    '>': (one, other) => one > other,
    '>=': (one, other) => one >= other,
  };
  const bounds = operand.flatMap((comparator: unknown, index): ((value: string) => boolean)[] => {
    if (index % 2 === 1) return [];
    const compare = COMPARE[String(comparator)];
    if (!compare) throw invalid(`unknown comparator ${String(comparator)}`);
    return [(value) => compare(Number(value), Number(operand[index + 1]))];
  });
  return some((value) => bounds.every((bound) => bound(value)));
}

function operatorTest(operator: string, operand: unknown): Test {
  switch (operator) {
    case 'exists':
      return (values) => (values !== undefined) === operand;
    case 'prefix': {
      const prefix = textOperand(operand, operator);
      return some((value) => value.startsWith(prefix));
    }
    case 'suffix': {
      const suffix = textOperand(operand, operator);
      return some((value) => value.endsWith(suffix));
    }
    case 'equals-ignore-case': {
      const text = textOperand(operand, operator).toLowerCase();
      return some((value) => value.toLowerCase() === text);
    }
    case 'anything-but':
      return anythingBut(operand);
    case 'numeric':
      return numeric(operand);
    default:
      throw invalid(`Unrecognized match type ${operator}`);
  }
}

function testOf(condition: unknown): Test {
  if (typeof condition !== 'object' || condition === null) return some((value) => value === String(condition));
  const tests = Object.entries(condition).map(([operator, operand]) => operatorTest(operator, operand));
  return (values) => tests.every((test) => test(values));
}

function valuesOf(attribute: MessageAttributeValue | undefined): readonly string[] | undefined {
  if (attribute?.StringValue === undefined) return undefined;
  if (attribute.DataType !== 'String.Array') return [attribute.StringValue];
  const values: unknown = JSON.parse(attribute.StringValue);
  return [values].flat().map(String);
}

/**
 * A filter policy from its JSON: every key must match, one of its conditions each.
 * @throws ApiError InvalidParameter for what SNS refuses too, and for operators that are not simulated.
 */
export function parseFilterPolicy(json: string): FilterPolicy {
  const policy: unknown = JSON.parse(json);
  if (typeof policy !== 'object' || policy === null) throw invalid('must be a JSON object');
  const keys = Object.entries(policy).map(([key, conditions]) => {
    if (!Array.isArray(conditions)) throw invalid(`"${key}" must be an array`);
    return { key, tests: conditions.map(testOf) };
  });
  return {
    accepts: (attributes) => keys.every(({ key, tests }) => tests.some((test) => test(valuesOf(attributes[key])))),
  };
}
