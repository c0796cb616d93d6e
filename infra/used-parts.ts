import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import * as z from 'zod/mini';
import { withPlainKeys } from './bundle-settings.ts';

const functions = fileURLToPath(new URL('../functions', import.meta.url));

/**
 * Of the SDK's packages, what the functions name. What they do not name is most of a client, and each cold start would read it.
 *
 * - Operations: a client's package leads to all its commands and paginators, a file each: more than half of all files that esbuild would read, and go
 *   through again for each function, to take nothing of them.
 * - Errors: a client makes a class of each error of its service, and tells all of them to a registry, which esbuild must keep. An error that is not in
 *   there arrives all the same, with AWS's code as its name, its message and its status: it is only no class of its own.
 * - Packages: a client tells its version in each request, and carries its whole `package.json` for that.
 * - Event streams, which no operation that is called has: the SDK imports what reads them when it meets one, and what is imported so, with all that it
 *   imports, esbuild keeps whole.
 */
export const usedPartsOnly: Plugin = {
  name: 'used-parts-only',
  setup: ({ onLoad, onResolve }) => {
    const words = wordsIn(functions);
    const index = /@aws-sdk\/client-[a-z0-9-]+\/dist-es\/((commands|pagination|waiters)\/)?index\.js$/;
    onLoad({ filter: index }, ({ path }) => ({
      contents: withUsedOperations(readFileSync(path, 'utf8'), words),
      loader: 'js',
    }));
    const schemas = /@aws-sdk\/client-[a-z0-9-]+\/dist-es\/schemas\/schemas_\d+\.js$/;
    onLoad({ filter: schemas }, ({ path }) => ({
      contents: withUsedErrors(withPlainKeys(readFileSync(path, 'utf8')), words),
      loader: 'js',
    }));
    const described = /@aws-sdk\/client-[a-z0-9-]+\/package\.json$/;
    onLoad({ filter: described }, ({ path }) => ({
      contents: JSON.stringify(versioned.parse(JSON.parse(readFileSync(path, 'utf8')))),
      loader: 'json',
    }));
    onResolve({ filter: /^@smithy\/core\/event-streams$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { external: true } : undefined,
    );
  },
};

const versioned = z.object({ version: z.string() });

/** All words in the TypeScript of a folder. */
const wordsIn = (folder: string): ReadonlySet<string> =>
  new Set(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => readFileSync(join(folder, file), 'utf8').match(/\w+/g) ?? []),
  );

/** @param source a module that exports others: the client, the class that has all its operations as methods, a command each … */
export function withUsedOperations(source: string, words: ReadonlySet<string>): string {
  const isUsed = (file: string): boolean => {
    const operation = /^(\w+Command)$|^(\w+)Paginator$|^waitFor(\w+)$/.exec(file);
    if (operation === null) return !source.includes(`"./${file}Client"`);
    const [, command, paginated, awaited] = operation;
    return words.has(command ?? (paginated === undefined ? `waitUntil${awaited}` : `paginate${paginated}`));
  };
  return source.replaceAll(/^export \* from "\.\/([\w/]+)";$/gm, (line, file: string) => (isUsed(file) ? line : ''));
}

/** @param source a module that tells errors of its service to the registry `n0_registry`, and the one that all come from to another */
export const withUsedErrors = (source: string, words: ReadonlySet<string>): string =>
  source.replaceAll(/^n\d+_registry\.registerError\((\w+)\$, \1\);$/gm, (line, name: string) =>
    words.has(name) ? line : '',
  );
