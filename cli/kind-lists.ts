/**
 * The lists of what is found in folders: the kinds of members, by their facts, their shapes, their providers and their restorers (four lists, since a
 * backup step carries no restorer and a function no zod), and the simulated services that stand alone.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

interface KindList {
  /** Whose folders are listed; the list is written into it. */
  readonly folder: string;
  /** Of a folder, for it to be listed. */
  readonly file: string;
  /** Name of the list, and of its file: `<list>.generated.ts`. */
  readonly list: string;
  /** What the file exports. `name`: the folder's, in camel case. */
  readonly exported: (name: string) => string;
  /** Default: an object, by the folders' names. */
  readonly isTuple?: true;
}

const lists: readonly KindList[] = [
  { folder: 'functions/domain/kinds', file: 'facts.ts', list: 'facts', exported: () => 'facts' },
  { folder: 'functions/domain/kinds', file: 'shape.ts', list: 'shapes', exported: () => 'shape', isTuple: true },
  { folder: 'functions/providers', file: 'index.ts', list: 'providers', exported: (name) => name },
  { folder: 'functions/providers', file: 'restore.ts', list: 'restorers', exported: (name) => `${name}Restore` },
  { folder: 'simulator/services', file: 'index.ts', list: 'stand-alone', exported: () => 'create' },
];

export interface GeneratedFile {
  /** From the root. */
  readonly path: string;
  readonly text: string;
}

/** @param root folder of the repository */
export const kindLists = (root: string): readonly GeneratedFile[] =>
  lists.map((each) => ({
    path: `${each.folder}/${each.list}.generated.ts`,
    text: textOf(each, foldersOf(root, each)),
  }));

const foldersOf = (root: string, { folder, file }: KindList): readonly string[] =>
  readdirSync(join(root, folder))
    .filter((name) => existsSync(join(root, folder, name, file)))
    .toSorted();

function textOf({ file, list, exported, isTuple }: KindList, folders: readonly string[]): string {
  const known = folders.map((folder) => ({ folder, name: camelCase(folder), what: exported(camelCase(folder)) }));
  const imports = known.map(({ folder, name, what }) => {
    const named = what === name ? name : `${what} as ${name}`;
    return `import { ${named} } from './${folder}/${file}';`;
  });
  const items = known.map(({ folder, name }) => (isTuple || folder === name ? name : `'${folder}': ${name}`));
  const [open, close] = isTuple ? '[]' : '{}';
  return [
    `/** Written by \`npm run kinds\`: every folder here that has ${/^[aeiou]/.test(file) ? 'an' : 'a'} \`${file}\`. */`,
    ...imports,
    '',
    `export const ${camelCase(list)} = ${open}`,
    ...items.map((item) => `  ${item},`),
    `${close} as const;`,
    '',
  ].join('\n');
}

const camelCase = (name: string): string => name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
