/** From zod's issues to mistakes that a person can act on. Imported by deploy-time code only (zod). */
import { z } from 'zod';
import { alsoCalled } from './also-called.ts';
import { byDistance, closest } from './closest.ts';

export type PolicyPath = readonly (string | number)[];

export interface Mistake {
  /** From the top of the policy to the value (or to the key that should not be there, or is missing). */
  readonly path: PolicyPath;
  /** One or two sentences. */
  readonly message: string;
  /** What may stand there, when it is a short list. */
  readonly expected?: string;
  /** A known word that was probably meant. */
  readonly suggestion?: string;
}

type Issue = z.core.$ZodIssue;

/** @param input the value that was parsed; `prefix` where it stands in the policy */
export const mistakesOf = (issues: readonly Issue[], input: unknown, prefix: PolicyPath, shape: z.ZodType): Mistake[] =>
  issues.filter((issue) => !isConsequence(issue, issues)).flatMap((issue) => explained(issue, input, prefix, shape));

/** "Exactly one of devices and tags" says nothing new beside "there is no setting devces", nor "at most 10" of what is no list. */
const isConsequence = (issue: Issue, issues: readonly Issue[]) =>
  issues.some(
    (other) =>
      (issue.code === 'custom'
        ? other.code === 'unrecognized_keys'
        : issue !== other && other.code === 'invalid_type') && other.path.join('\0') === issue.path.join('\0'),
  );

const pathOf = (prefix: PolicyPath, path: readonly PropertyKey[]): PolicyPath => [
  ...prefix,
  ...path.map((key) => (typeof key === 'number' ? key : String(key))),
];

/** The value under a path, undefined where there is none. */
export function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null) return undefined;
    return Object.getOwnPropertyDescriptor(value, key)?.value;
  }, input);
}

function explained(issue: Issue, input: unknown, prefix: PolicyPath, shape: z.ZodType): Mistake[] {
  const path = pathOf(prefix, issue.path);
  const value = valueAt(input, issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, path, knownKeys(shape, issue.path, input)));
    case 'invalid_union':
      return union(issue, value, path, input, shape);
    case 'invalid_value':
      return [unknownWord(value, path, issue.values.map(String))];
    case 'invalid_type':
      return [
        {
          path,
          message: value === undefined ? missingWords(path) : `This must be ${typeWords(issue.expected, value)}.`,
          ...exampleAt(shape, issue.path, input, value),
        },
      ];
    case 'invalid_key':
      return issue.issues.map((inner) => ({ path, message: inner.message }));
    default:
      return [
        {
          path,
          message: sizeWords(issue) ?? issue.message,
          ...endOfArn(value, valueAt(input, issue.path.slice(0, -1))),
        },
      ];
  }
}

/** Of a whole ARN where a service's own name is wanted: caches keep the type that stands before it. */
function endOfArn(value: unknown, member: unknown): Pick<Mistake, 'suggestion'> {
  const end = typeof value === 'string' ? /^arn:(?:[^:]*:){4}(.+)$/.exec(value)?.[1] : undefined;
  if (end === undefined) return {};
  return { suggestion: valueAt(member, ['kind']) === 'elasticache' ? end : end.replace(/^.*[:/]/, '') };
}

const missingWords = (path: PolicyPath) =>
  path.length === 0 ? 'The policy is missing.' : `"${path.at(-1)}" is missing.`;

function unknownKey(key: string, path: PolicyPath, known: readonly string[]): Mistake {
  const suggestion = closest(key, known);
  const message = `There is no setting "${key}" here.`;
  const expected = known.length === 0 ? {} : { expected: byDistance(key, known).join(', ') };
  return { path: [...path, key], message, ...expected, ...(suggestion === undefined ? {} : { suggestion }) };
}

/** @param forms that may stand there as well as the known words */
function unknownWord(
  value: unknown,
  path: PolicyPath,
  known: readonly string[],
  forms: readonly string[] = [],
): Mistake {
  const expected = listed([...known, ...forms]);
  if (value === undefined) return { path, message: missingWords(path), ...expected };
  const suggestion = typeof value === 'string' ? (alsoCalled(value, known) ?? closest(value, known)) : undefined;
  if (suggestion === value) return { path, message: `This must be ${value}, without quotes.` };
  const message = forms.length > 0 ? noForm : `This must be ${known.join(' or ')}.`;
  return { path, message, ...expected, ...(suggestion === undefined ? {} : { suggestion }) };
}

const listed = (expected: readonly unknown[]): Pick<Mistake, 'expected'> =>
  expected.length === 0 ? {} : { expected: expected.join(', ') };

const noForm = 'This is none of the forms that may stand here.';

/** The alternative whose type the value has speaks; where a `kind` chooses, the kinds are named. */
function union(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  value: unknown,
  path: PolicyPath,
  input: unknown,
  shape: z.ZodType,
): Mistake[] {
  const words = [
    ...new Set(issue.errors.flat().flatMap((inner) => (inner.code === 'invalid_value' ? inner.values : []))),
  ];
  const forms = formsAt(shape, issue.path, input);
  if (typeof value !== 'object' || value === null) {
    const kinds = words.length > 0 ? words : knownKinds(nodesAt(shape, issue.path, input));
    return [unknownWord(value, path, kinds.map(String), forms)];
  }
  const fitting = issue.errors.find((inner) => inner.every((one) => one.path.length > 0 || !isTypeIssue(one)));
  if (fitting === undefined) return [{ path, message: noForm, ...listed([...words, ...forms]) }];
  const within = fitting.map((inner): Issue => ({ ...inner, path: [...issue.path, ...inner.path] }));
  return mistakesOf(within, input, path.slice(0, path.length - issue.path.length), shape);
}

const isTypeIssue = (issue: Issue) => issue.code === 'invalid_type' || issue.code === 'invalid_value';

function typeWords(expected: string, value: unknown): string {
  if (numbers.has(expected) && typeof value === 'string' && /^\d/.test(value))
    return 'a number, without a unit or quotes';
  if (expected === 'int') return 'a whole number';
  if (expected === 'array') return 'a list';
  if (expected === 'object' || expected === 'record') return 'a mapping (keys and values)';
  return expected === 'string' ? 'text' : expected === 'boolean' ? 'true or false' : `a ${expected}`;
}

/** Of numbers; the shape has its own words for texts and lists that are too short or too long. */
function sizeWords(issue: Issue): string | undefined {
  if (issue.code === 'too_small' && numbers.has(issue.origin)) return `This must be at least ${issue.minimum}.`;
  if (issue.code === 'too_big' && numbers.has(issue.origin)) return `This must be at most ${issue.maximum}.`;
  return undefined;
}

const numbers: ReadonlySet<string> = new Set(['number', 'int']);

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly const?: unknown;
  readonly examples?: readonly unknown[];
}

const schemas = new WeakMap<z.ZodType, SchemaNode>();

function schemaOf(shape: z.ZodType): SchemaNode {
  const known = schemas.get(shape);
  if (known !== undefined) return known;
  // zod's type for JSON Schema has more members than are read here, each optional.
  const made: SchemaNode = JSON.parse(JSON.stringify(z.toJSONSchema(shape, { io: 'input' })));
  schemas.set(shape, made);
  return made;
}

const alternatives = (node: SchemaNode): SchemaNode[] => [
  node,
  ...[...(node.anyOf ?? []), ...(node.oneOf ?? [])].flatMap(alternatives),
];

function childrenOf(node: SchemaNode, key: PropertyKey): SchemaNode[] {
  const { items, additionalProperties } = node;
  const other = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  const child = typeof key === 'number' ? items : (node.properties?.[String(key)] ?? other);
  return child === undefined ? [] : alternatives(child);
}

/** What may stand at a path; of kinds, by the kind that the input names there. */
const nodesAt = (shape: z.ZodType, path: readonly PropertyKey[], input: unknown): readonly SchemaNode[] =>
  path.reduce(
    (nodes, key, index) => ofKind(nodes, valueAt(input, path.slice(0, index))).flatMap((node) => childrenOf(node, key)),
    alternatives(schemaOf(shape)),
  );

/** Settings of another kind are none here; of a kind that there is not, all kinds may be meant. */
function ofKind(nodes: readonly SchemaNode[], value: unknown): readonly SchemaNode[] {
  const typed = valueAt(value, ['kind']);
  const kindOf = ({ properties }: SchemaNode) => properties?.kind?.const;
  return typed !== undefined && nodes.some((node) => kindOf(node) === typed)
    ? nodes.filter((node) => kindOf(node) === undefined || kindOf(node) === typed)
    : nodes;
}

function knownKeys(shape: z.ZodType, path: readonly PropertyKey[], input: unknown): readonly string[] {
  const fitting = ofKind(nodesAt(shape, path, input), valueAt(input, path));
  return [...new Set(fitting.flatMap((node) => Object.keys(node.properties ?? {})))];
}

/** What could stand at a path, where the shape has an example of it or of a list's items; of a kind that stands alone, how it is written. */
function exampleAt(
  shape: z.ZodType,
  path: readonly PropertyKey[],
  input: unknown,
  value: unknown,
): Pick<Mistake, 'expected'> {
  const nodes = nodesAt(shape, path, input);
  const kind = knownKinds(nodes.flatMap((node) => childrenOf(node, 'kind'))).find((each) => each === value);
  if (kind !== undefined) return { expected: `for example ${flow({ kind })}` };
  const examples = nodes.flatMap(
    ({ examples: own, items }) => own ?? items?.examples?.slice(0, 1).map((item) => [item]) ?? [],
  );
  return examples.length === 0 ? {} : { expected: `for example ${flow(examples[0])}` };
}

/** Where one of several forms may stand: those that are no words. */
const formsAt = (shape: z.ZodType, path: readonly PropertyKey[], input: unknown): readonly string[] =>
  nodesAt(shape, path, input).flatMap(({ anyOf, examples = [] }) => (anyOf === undefined ? [] : examples.map(flow)));

/** As YAML would have it on one line. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, each]) => `${key}: ${flow(each)}`)
      .join(', ')} }`;
  return typeof value === 'string' && /^[\w./@-]+$/.test(value) ? value : JSON.stringify(value);
}

const knownKinds = (nodes: readonly SchemaNode[]): readonly string[] => [
  ...new Set(nodes.flatMap((node) => (typeof node.const === 'string' ? [node.const] : []))),
];
