import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync } from 'esbuild';
import { steps } from './function-table.ts';

/** Bundled steps: `<directory>/<step>/index.mjs`. */
export interface Bundles {
  readonly directory: string;
  /** Bytes of each step's bundle, by step. */
  readonly bytes: Readonly<Record<string, number>>;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const stepsDirectory = join(root, 'functions', 'steps');
const bundlesDirectory = join(root, 'dist', 'functions');

/** Powertools and parts of the SDK still `require` built-ins, which an ESM bundle has not. */
const requireBanner =
  "import { createRequire as holdfastRequire } from 'node:module'; const require = holdfastRequire(import.meta.url);";

/**
 * How any file becomes a bundle: ESM for Node 24 with the SDK inside. `mainFields` makes esbuild take the packages' ES modules,
 * which halves the bundles; of the ways to find credentials only Lambda's own is taken in.
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
  banner: { js: requireBanner },
  logLevel: 'silent',
} satisfies BuildOptions;

let bundled: Bundles | undefined;

/**
 * Bundles every step, in one go and once a process, each file with its own copies of what it needs.
 * @throws Error of esbuild, with file and line, when a step does not build
 */
export function bundle(): Bundles {
  bundled ??= build(bundlesDirectory);
  return bundled;
}

function build(directory: string): Bundles {
  const { outputFiles } = buildSync({
    ...bundleSettings,
    entryPoints: Object.fromEntries(steps.map((name) => [join(name, 'index'), join(stepsDirectory, `${name}.ts`)])),
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    write: false,
  });
  for (const { path, contents } of outputFiles) replace(path, contents);
  return {
    directory,
    bytes: Object.fromEntries(outputFiles.map(({ path, contents }) => [stepOf(path), contents.length])),
  };
}

const stepOf = (file: string) => basename(dirname(file));

/** Several processes may bundle at the same time, and none may read what another has half written. */
function replace(file: string, contents: Uint8Array): void {
  if (existsSync(file) && readFileSync(file).equals(contents)) return;
  mkdirSync(dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, contents);
  renameSync(partial, file);
}
