import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { steps } from './function-table.ts';

/** Bundled steps: `<directory>/<step>/index.mjs`. */
export interface Bundles {
  readonly directory: string;
  /** Bytes of each step's bundle, by step. */
  readonly bytes: Readonly<Record<string, number>>;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const stepsDirectory = join(root, 'functions', 'steps');
export const bundlesDirectory = join(root, 'dist', 'functions');

/** Powertools and parts of the SDK still `require` built-ins, which an ESM bundle has not. */
const requireBanner =
  "import { createRequire as holdfastRequire } from 'node:module'; const require = holdfastRequire(import.meta.url);";

let bundled: Bundles | undefined;

/**
 * Bundles every step, in one go and once a process: ESM for Node 24 with the SDK inside, each file with its own copies.
 * `mainFields` makes esbuild take the packages' ES modules, which halves the bundles.
 * @throws Error of esbuild, with file and line, when a step does not build
 */
export function bundle(): Bundles {
  bundled ??= build(bundlesDirectory);
  return bundled;
}

function build(directory: string): Bundles {
  rmSync(directory, { recursive: true, force: true });
  const { metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(steps.map((name) => [join(name, 'index'), join(stepsDirectory, `${name}.ts`)])),
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    banner: { js: requireBanner },
    metafile: true,
    logLevel: 'silent',
  });
  return { directory, bytes: bytesOf(metafile.outputs) };
}

const bytesOf = (outputs: Readonly<Record<string, { readonly bytes: number }>>) =>
  Object.fromEntries(Object.entries(outputs).map(([file, { bytes }]) => [file.split('/').at(-2) ?? file, bytes]));
