/** Condition operators (IAM, "IAM JSON policy elements: Condition operators"). What is not known here throws. */
import type { PolicyStatement } from './policy.ts';
import { matchesWildcard } from './wildcard.ts';

export type Context = Readonly<Record<string, string | readonly string[]>>;

interface Comparison {
  /** Whether one value of the request meets one value of the policy. */
  readonly matches: (actual: string, expected: string) => boolean;
  readonly negated: boolean;
}

const same = (actual: string, expected: string) => actual === expected;
const sameIgnoringCase = (actual: string, expected: string) => actual.toLowerCase() === expected.toLowerCase();
const number = (compare: (actual: number, expected: number) => boolean) => (actual: string, expected: string) =>
  compare(Number(actual), Number(expected));

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  StringEquals: { matches: same, negated: false },
  StringNotEquals: { matches: same, negated: true },
  StringEqualsIgnoreCase: { matches: sameIgnoringCase, negated: false },
  StringNotEqualsIgnoreCase: { matches: sameIgnoringCase, negated: true },
  StringLike: { matches: matchesWildcard, negated: false },
  StringNotLike: { matches: matchesWildcard, negated: true },
  ArnEquals: { matches: matchesWildcard, negated: false },
  ArnLike: { matches: matchesWildcard, negated: false },
  ArnNotEquals: { matches: matchesWildcard, negated: true },
  ArnNotLike: { matches: matchesWildcard, negated: true },
  Bool: { matches: sameIgnoringCase, negated: false },
  NumericEquals: { matches: number((actual, expected) => actual === expected), negated: false },
  NumericLessThan: { matches: number((actual, expected) => actual < expected), negated: false },
  NumericLessThanEquals: { matches: number((actual, expected) => actual <= expected), negated: false },
  NumericGreaterThan: { matches: number((actual, expected) => actual > expected), negated: false },
  NumericGreaterThanEquals: { matches: number((actual, expected) => actual >= expected), negated: false },
};

interface Operator {
  readonly comparison: Comparison;
  readonly set: 'any' | 'all' | 'none';
  readonly ifExists: boolean;
}

function operatorOf(text: string): Operator {
  const [, quantifier, name = '', ifExists] = /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/.exec(text) ?? [];
  const comparison = COMPARISONS[name];
  if (!comparison) throw new Error(`Unknown condition operator: ${text}`);
  const set = quantifier === 'ForAnyValue' ? 'any' : quantifier === 'ForAllValues' ? 'all' : 'none';
  return { comparison, set, ifExists: ifExists !== undefined };
}

/** Condition keys are not case-sensitive, tag keys within them excepted; both are compared in lower case here. */
function valuesOf(context: Context, key: string): readonly string[] | undefined {
  const found = Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase());
  return found && [found[1]].flat();
}

function meets({ matches, negated }: Comparison, actual: string, expected: readonly string[]): boolean {
  return expected.some((value) => matches(actual, value)) !== negated;
}

function holds(operator: Operator, actual: readonly string[] | undefined, expected: readonly string[]): boolean {
  const { comparison, set, ifExists } = operator;
  if (set === 'all') return (actual ?? []).every((value) => meets(comparison, value, expected));
  if (actual === undefined) return ifExists || (set === 'none' && comparison.negated);
  if (set === 'any') return actual.some((value) => meets(comparison, value, expected));
  return comparison.negated
    ? actual.every((value) => meets(comparison, value, expected))
    : actual.some((value) => meets(comparison, value, expected));
}

function isNull(actual: readonly string[] | undefined, expected: readonly string[]): boolean {
  return expected.some((value) => (value === 'true') === (actual === undefined || actual.length === 0));
}

/** Whether all operators and all their keys hold. */
export function conditionsHold(conditions: PolicyStatement['conditions'], context: Context): boolean {
  return Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, expected]) => {
      const actual = valuesOf(context, key);
      return operator === 'Null' ? isNull(actual, expected) : holds(operatorOf(operator), actual, expected);
    }),
  );
}
