/** From the text of `holdfast.yaml` to a policy, or to every mistake with its line. Imported by deploy-time code only (yaml, zod). */
import { type Document, isAlias, isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Policy } from './policy.ts';
import type { Mistake, PolicyPath } from './policy-mistakes.ts';
import { type ParseOptions, parsePolicy } from './policy-schema.ts';

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
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const malformed = [...document.errors, ...document.warnings].map(({ message, pos }) => ({
    path: [],
    message: sentence(message),
    ...position(lines, pos[0]),
  }));
  if (malformed.length > 0) return { mistakes: malformed };
  const input = plain(document);
  if ('problem' in input) return { mistakes: [{ path: [], message: input.problem, line: 1, column: 1 }] };
  const parsed = parsePolicy(input.value, options);
  const placed = (mistake: Mistake): FileMistake => ({ ...mistake, ...place(document, lines, mistake.path) });
  if ('mistakes' in parsed) return { mistakes: parsed.mistakes.map(placed).sort(byPosition) };
  return { policy: parsed.policy, notes: parsed.notes.map(placed).sort(byPosition) };
}

const byPosition = (one: FileMistake, other: FileMistake) => one.line - other.line || one.column - other.column;

const sentence = (message: string) => (/[.!?]$/.test(message) ? message : `${message}.`);

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
    return { problem: sentence(error instanceof Error ? error.message : String(error)) };
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
  const pair = node.items.find((candidate) => isScalar(candidate.key) && String(candidate.key.value) === String(key));
  return isPair(pair) ? { node: pair.value, offset: startOf(pair.key) } : undefined;
}
