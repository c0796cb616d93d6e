import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';

const functions = fileURLToPath(new URL('../functions', import.meta.url));

/**
 * A client's package leads to all its commands and paginators, a file each: more than half of all files that esbuild would read, and go through again for
 * each function, to take nothing of them. So it is led to those alone that the functions name, and not to the class that has them all as methods.
 */
export const usedOperationsOnly: Plugin = {
  name: 'used-operations-only',
  setup: ({ onLoad }) => {
    const words = wordsIn(functions);
    const filter = /@aws-sdk\/client-[a-z0-9-]+\/dist-es\/((commands|pagination|waiters)\/)?index\.js$/;
    onLoad({ filter }, ({ path }) => ({ contents: withUsedOnly(readFileSync(path, 'utf8'), words), loader: 'js' }));
  },
};

/** All words in the TypeScript of a folder. */
const wordsIn = (folder: string): ReadonlySet<string> =>
  new Set(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => readFileSync(join(folder, file), 'utf8').match(/\w+/g) ?? []),
  );

/** @param source a module that exports others: the client, the class that has all its operations as methods, a command each … */
export function withUsedOnly(source: string, words: ReadonlySet<string>): string {
  const isUsed = (file: string): boolean => {
    const operation = /^(\w+Command)$|^(\w+)Paginator$|^waitFor(\w+)$/.exec(file);
    if (operation === null) return !source.includes(`"./${file}Client"`);
    const [, command, paginated, awaited] = operation;
    return words.has(command ?? (paginated === undefined ? `waitUntil${awaited}` : `paginate${paginated}`));
  };
  return source.replaceAll(/^export \* from "\.\/([\w/]+)";$/gm, (line, file: string) => (isUsed(file) ? line : ''));
}
