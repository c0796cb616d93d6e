import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildOptions, Plugin } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Powertools and parts of the SDK still `require` built-ins, which an ESM bundle has not. */
const requireBanner =
  "import { createRequire as holdfastRequire } from 'node:module'; const require = holdfastRequire(import.meta.url);";

/**
 * An SDK client describes the shapes of all its operations in one file, with constants as keys: `{ [_xN]: "volumeId" }`. A key that
 * is computed may do anything, so esbuild keeps every shape; with the constant's own text in its place it keeps what is used, and
 * EC2's client shrinks from 555 KB to a tenth. The values stay as they are.
 */
const usedShapesOnly: Plugin = {
  name: 'used-shapes-only',
  setup: ({ onLoad }) => {
    onLoad({ filter: /@aws-sdk\/client-[a-z0-9-]+\/dist-es\/schemas\/schemas_\d+\.js$/ }, ({ path }) => ({
      contents: withPlainKeys(readFileSync(path, 'utf8')),
      loader: 'js',
    }));
  },
};

/** @param source a module whose computed keys are constants of its own, as `const _xN = "xmlName";` */
export function withPlainKeys(source: string): string {
  const constants = new Map([...source.matchAll(/^const (_\w+) = ("\w+");$/gm)].map(([, name, text]) => [name, text]));
  return source.replaceAll(/\[(_\w+)\]:/g, (key, name: string) => {
    const text = constants.get(name);
    return text === undefined || text === '"__proto__"' ? key : `${text}:`;
  });
}

/**
 * How any file becomes a bundle: ESM for Node 24 with the SDK inside. `mainFields` makes esbuild take the packages' ES modules,
 * which halves the bundles; of the ways to find credentials only Lambda's own is taken in, of the SDK's shapes those that are used.
 */
export const bundleSettings = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  mainFields: ['module', 'main'],
  alias: { '@aws-sdk/credential-provider-node': join(root, 'functions', 'platform', 'lambda-credentials.ts') },
  plugins: [usedShapesOnly],
  banner: { js: requireBanner },
  logLevel: 'silent',
} satisfies BuildOptions;
