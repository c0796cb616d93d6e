/** What is wrong with a policy's text as YAML, before anybody asks what it means. Imported by deploy-time code only (yaml). */
import { type Document, isCollection, isMap, isNode, isScalar, isSeq, type Pair, visit, type YAMLError } from 'yaml';
import type { PolicyPath } from './policy-mistakes.ts';

export interface YamlMistake {
  readonly path: PolicyPath;
  /** What is wrong, and what to do. */
  readonly message: string;
  /** Where in the text, from 0. */
  readonly offset: number;
}

/** @returns the line, from 1, of a place in the text */
type LineAt = (offset: number) => number;

/**
 * What keeps the text from being read. Of what a parser stumbles over after a first mistake, much is only its consequence: such
 * errors are told when nothing was told before them.
 */
export function unreadable(document: Document.Parsed, text: string, lineAt: LineAt): readonly YamlMistake[] {
  const own = [...unclosed(document, text, lineAt), ...unknownAliases(document)];
  const errors = [...document.errors, ...document.warnings].flatMap((error) => explained(error, text));
  const tabs = errors.filter(({ code }) => code === 'TAB_AS_INDENT');
  const causes = [...own, ...together(tabs, lineAt), ...errors.filter(({ code }) => ownWords.has(code))];
  const first = errors.find(({ code }) => !ownWords.has(code) && code !== 'TAB_AS_INDENT');
  const isFirst = first !== undefined && causes.every(({ offset }) => offset > first.offset);
  return [...causes, ...(isFirst ? [first] : [])].map(({ path, message, offset }) => ({ path, message, offset }));
}

/** What other encodings become when they are read as UTF-8: characters that stand for no other, and of UTF-16 zeros between those of ASCII. */
export function notUtf8(text: string): YamlMistake | undefined {
  const offset = text.search(/[\uFFFD\0]/);
  if (offset < 0) return undefined;
  const message = 'This is not UTF-8 (but UTF-16, as PowerShell writes, or Latin-1?): save the file as UTF-8.';
  return { path: [], message, offset };
}

type Explained = YamlMistake & { readonly code: YAMLError['code'] };

/** Errors that are a cause wherever they stand. */
const ownWords = new Map<YAMLError['code'], (quoted: string) => string>([
  ['BAD_DIRECTIVE', (quoted) => `A policy has no directives such as ${quoted}: take this line away.`],
  ['BAD_DQ_ESCAPE', (quoted) => `A backslash means something else in double quotes (${quoted}): use single quotes.`],
  ['BAD_SCALAR_START', (quoted) => `Text cannot begin with ${quoted} here: put it in quotes.`],
  ['MULTIPLE_ANCHORS', () => 'A value has one anchor (&name) at most: take one away.'],
  [
    'MULTIPLE_DOCS',
    () => 'A second document begins here, and a policy is one: take this line away, or make two files.',
  ],
  ['MULTIPLE_TAGS', () => 'A value has one tag (!name) at most, and a policy needs none: take them away.'],
  ['TAG_RESOLVE_FAILED', (quoted) => `A policy knows no tags such as ${quoted}: write the value itself.`],
]);

/** Errors that may well be what is left of an earlier one. */
const otherWords = new Map<YAMLError['code'], string>([
  [
    'BAD_INDENT',
    'This line does not fit the indentation around it: settings that belong together begin in the same column.',
  ],
  ['BLOCK_AS_IMPLICIT_KEY', 'One line has one key and its value: put what begins here on a line of its own, indented.'],
  ['BLOCK_IN_FLOW', 'Between { } or [ ] this is no item: is there a comma missing before it?'],
  ['KEY_OVER_1024_CHARS', 'A key has at most 1024 characters: is there a line break or a quote missing?'],
  ['MISSING_CHAR', 'Something is missing here: a colon after a key, or a space in front of a # that begins a comment.'],
  [
    'MULTILINE_IMPLICIT_KEY',
    'This is neither a key with its value nor the item of a list: is there a colon missing, or the space after it?',
  ],
  ['UNEXPECTED_TOKEN', 'Nothing may stand here: is there a bracket or a quote too many before it?'],
]);

/** Of an error that is found otherwise, nothing. */
function explained({ code, message, pos: [offset, end] }: YAMLError, text: string): Explained[] {
  if (isUnclosed(message)) return [];
  const quoted = JSON.stringify(text.slice(offset, end).trim());
  const words = ownWords.get(code)?.(quoted) ?? otherWords.get(code) ?? `This is not YAML: ${message}.`;
  return [{ code, path: [], message: words, offset }];
}

const isUnclosed = (message: string) => /must .*end with a [}\]]$|^Missing closing ["']quote/.test(message);

/** Every line that begins with a tab, as one mistake. */
function together(tabs: readonly Explained[], lineAt: LineAt): YamlMistake[] {
  const [first, ...others] = tabs;
  if (first === undefined) return [];
  const lines = [...new Set(others.map(({ offset }) => lineAt(offset)))].filter(
    (line) => line !== lineAt(first.offset),
  );
  const also = lines.length === 0 ? '' : ` (also line ${lines.join(', ')})`;
  return [{ ...first, message: `YAML is indented by spaces, and this line by a tab${also}: put spaces in its place.` }];
}

const closers: ReadonlyMap<string, string> = new Map([
  ['{', '}'],
  ['[', ']'],
  ['"', '"'],
  ["'", "'"],
]);

/** Brackets and quotes that are open at the end of what they hold. */
function unclosed(document: Document.Parsed, text: string, lineAt: LineAt): YamlMistake[] {
  const found: YamlMistake[] = [];
  visit(document, {
    Node(_, node) {
      const isFlow = isCollection(node) && node.flow === true;
      const isQuoted = isScalar(node) && node.type?.startsWith('QUOTE') === true;
      const [start, end] = node.range ?? [0, 0];
      const closer = isFlow || isQuoted ? closers.get(text.charAt(start)) : undefined;
      if (closer === undefined || (end - start > 1 && text.charAt(end - 1) === closer)) return;
      const until = isFlow ? `, at the end of line ${lineAt(lastOf(text, end))} at the latest` : '';
      const message = `This ${text.charAt(start)} is never closed: put a ${closer} where it ends${until}.`;
      found.push({ path: [], message, offset: start });
    },
  });
  return found;
}

/** The last character in front of the end that is no white space. */
const lastOf = (text: string, end: number) => Math.max(0, text.slice(0, end).trimEnd().length - 1);

function unknownAliases(document: Document.Parsed): YamlMistake[] {
  const found: YamlMistake[] = [];
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document) !== undefined) return;
      const message = !/^[A-Za-z_]/.test(alias.source)
        ? 'Text cannot begin with "*" here: put it in quotes, as in "*/15 * * * ? *".'
        : `There is no anchor &${alias.source} in front of this alias: write the value itself, or mark it with &${alias.source} where it stands first.`;
      found.push({ path: [], message, offset: alias.range?.[0] ?? 0 });
    },
  });
  return found;
}

/** What the parser lets pass and a policy does not: keys that are there twice, that are no text, and merge keys. */
export function keyMistakes(document: Document.Parsed, lineAt: LineAt): readonly YamlMistake[] {
  return keysOf(document.contents).flatMap(({ path, pair, first }): YamlMistake[] => {
    const offset = offsetOf(pair.key);
    if (keyText(pair.key) === undefined) return [{ path, message: noKeyWords, offset }];
    if (isMerge(pair)) return [{ path, message: mergeWords, offset }];
    if (first === pair) return [];
    const name = `"${path.at(-1)}"`;
    const message = `${name} is here twice: line ${lineAt(offsetOf(first.key))} has it already. Keep one of them, or join what both have.`;
    return [{ path, message, offset }];
  });
}

const noKeyWords = 'A key is a word, and here is none: write one in front of the colon.';

const mergeWords =
  'Merge keys (<<) are not supported: write these settings out, or put an alias in the place of a whole value.';

/** Takes all but one of the keys that are there twice out of the document, and keys that are no text. */
export function keepOne(document: Document.Parsed, which: 'first' | 'last'): void {
  visit(document, {
    Map(_, map) {
      const kept = new Map<string, Pair>();
      for (const pair of map.items) {
        const key = keyText(pair.key);
        if (key === undefined) continue;
        if (which === 'last' || !kept.has(key)) kept.set(key, pair);
      }
      map.items = [...kept.values()];
    },
  });
}

interface Key {
  readonly path: PolicyPath;
  readonly pair: Pair;
  /** The first of the mapping that has this key. */
  readonly first: Pair;
}

/** All keys, outer ones first; what aliases stand for is not followed. */
function keysOf(node: unknown, path: PolicyPath = []): Key[] {
  if (isSeq(node)) return node.items.flatMap((item, index) => keysOf(item, [...path, index]));
  if (!isMap(node)) return [];
  const firsts = new Map<string, Pair>();
  return node.items.flatMap((pair) => {
    const text = keyText(pair.key);
    if (text === undefined) return [{ path, pair, first: pair }];
    const first = firsts.get(text) ?? pair;
    firsts.set(text, first);
    return [{ path: [...path, text], pair, first }, ...keysOf(pair.value, [...path, text])];
  });
}

/** Of a merge key the library makes a symbol. */
const isMerge = ({ key }: Pair) => isScalar(key) && typeof key.value === 'symbol';

/** Undefined of what is no scalar, and of nothing. */
export function keyText(key: unknown): string | undefined {
  if (!isScalar(key) || key.value === null) return undefined;
  return typeof key.value === 'symbol' ? '<<' : String(key.value);
}

const offsetOf = (key: unknown) => (isNode(key) ? (key.range?.[0] ?? 0) : 0);
