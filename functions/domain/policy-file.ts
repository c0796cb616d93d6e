/** From the text of `holdfast.yaml` to a policy, or to every mistake with its line. Imported by deploy-time code only (yaml, zod). */
import { type Document, isAlias, isMap, isNode, isPair, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Policy } from './policy.ts';
import type { Mistake, PolicyPath } from './policy-mistakes.ts';
import { type ParseOptions, parsePolicy } from './policy-schema.ts';
import { keepOne, keyMistakes, keyText, notUtf8, unreadable, type YamlMistake } from './policy-yaml.ts';

export interface FileMistake extends Mistake {
  /** From 1. Of a missing key: where the mapping begins that lacks it. */
  readonly line: number;
  readonly column: number;
}

export type ReadPolicy =
  | { readonly policy: Policy; readonly notes: readonly FileMistake[] }
  | { readonly mistakes: readonly FileMistake[] };

/** @param text YAML 1.2, one document */
export function readPolicy(text: string, options: ParseOptions = {}): ReadPolicy {
  const lines = new LineCounter();
  const lineAt = (offset: number) => position(lines, offset).line;
  const document = parsed(text, lines);
  const placed = ({ path, message, offset }: YamlMistake): FileMistake => ({
    path,
    message,
    ...position(lines, offset),
  });
  const alien = notUtf8(text);
  if (alien !== undefined) return { mistakes: [placed(alien)] };
  const keys = keyMistakes(document, lineAt);
  const broken = unreadable(document, text, lineAt);
  if (broken.length > 0) {
    const from = Math.min(...broken.map(({ offset }) => offset));
    const certain = keys.filter(({ offset }) => offset < from);
    return { mistakes: [...broken, ...certain].map(placed).sort(byPosition) };
  }
  const first = meaning(text, 'first', options);
  if (keys.length === 0) return first;
  const last = meaning(text, 'last', options);
  // Nobody knows which of two keys is meant, so what speaks against either is told.
  const found = [first, last].flatMap((read) => ('mistakes' in read ? read.mistakes : []));
  return { mistakes: distinct([...keys.map(placed), ...found]).sort(byPosition) };
}

const parsed = (text: string, lineCounter: LineCounter) =>
  parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: false, merge: true });

/** What the text says once keys that are there twice are there once. */
function meaning(text: string, which: 'first' | 'last', options: ParseOptions): ReadPolicy {
  const lines = new LineCounter();
  const document = parsed(text, lines);
  keepOne(document, which);
  const input = plain(document);
  if ('problem' in input) return { mistakes: [{ path: [], message: input.problem, line: 1, column: 1 }] };
  const policy = parsePolicy(input.value, options);
  const placed = (mistake: Mistake): FileMistake => ({ ...mistake, ...place(document, lines, mistake.path) });
  if ('mistakes' in policy) return { mistakes: policy.mistakes.map(placed).sort(byPosition) };
  return { policy: policy.policy, notes: policy.notes.map(placed).sort(byPosition) };
}

const byPosition = (one: FileMistake, other: FileMistake) => one.line - other.line || one.column - other.column;

const distinct = (mistakes: readonly FileMistake[]): FileMistake[] => [
  ...new Map(mistakes.map((each) => [`${each.line}:${each.column} ${each.message}`, each])).values(),
];

function position(lines: LineCounter, offset: number) {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

/** Aliases that expand without bound are refused by the library with an error. */
function plain(document: Document): { readonly value: unknown } | { readonly problem: string } {
  if (document.contents === null) return { problem: 'The policy is empty.' };
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) };
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return {
      problem: /alias count/.test(what)
        ? 'An alias (*name) stands for others that stand for others, too many times over: write the values themselves.'
        : `This is not YAML: ${what}.`,
    };
  }
}

/** Follows the path as far as the file has it: to the key of a setting, to the item of a list. */
function place(document: Document, lines: LineCounter, path: PolicyPath) {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const key of path) {
    const next = childOf(node, key, document);
    if (next === undefined) break;
    offset = next.offset ?? offset;
    node = next.node;
  }
  return position(lines, offset);
}

const startOf = (node: unknown) => (isNode(node) ? node.range?.[0] : undefined);

function childOf(parent: unknown, key: string | number, document: Document) {
  const node = isAlias(parent) ? parent.resolve(document) : parent;
  if (isSeq(node)) {
    const item = node.items[Number(key)];
    return item === undefined ? undefined : { node: item, offset: startOf(item) };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find((candidate) => keyText(candidate.key) === String(key));
  return isPair(pair) ? { node: pair.value, offset: startOf(pair.key) } : undefined;
}
