import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync, type Metafile } from 'esbuild';
import { steps } from './function-table.ts';

/** Bundled steps: `<directory>/<step>/index.mjs`. */
export interface Bundles {
  readonly directory: string;
  readonly bundles: readonly Bundle[];
}

export interface Bundle {
  readonly step: string;
  readonly bytes: number;
  /** AWS services whose clients (`functions/platform/clients`) are in it: `dynamodb`, `ec2` … */
  readonly services: readonly string[];
  /** Paths of all files of which something is in it. */
  readonly inputs: readonly string[];
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

/** A cold start reads and evaluates all of it. EC2's client describes every operation of EC2, and is half of what it is in. */
export const mostBytes = ({ services }: Pick<Bundle, 'services'>): number =>
  services.includes('ec2') ? 1_000_000 : 120_000;

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
  const { outputFiles, metafile } = buildSync({
    ...bundleSettings,
    entryPoints: Object.fromEntries(steps.map((name) => [join(name, 'index'), join(stepsDirectory, `${name}.ts`)])),
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    write: false,
    metafile: true,
  });
  for (const { path, contents } of outputFiles) replace(path, contents);
  return { directory, bundles: Object.entries(metafile.outputs).map(described) };
}

function described([path, output]: [string, Metafile['outputs'][string]]): Bundle {
  const inputs = Object.entries(output.inputs).flatMap(([input, { bytesInOutput }]) =>
    bytesInOutput > 0 ? [input] : [],
  );
  const services = inputs.flatMap((input) => /platform\/clients\/([a-z0-9-]+)\.ts$/.exec(input)?.[1] ?? []);
  return { step: basename(dirname(path)), bytes: output.bytes, services: services.toSorted(), inputs };
}

/** Several processes may bundle at the same time, and none may read what another has half written. */
function replace(file: string, contents: Uint8Array): void {
  if (existsSync(file) && readFileSync(file).equals(contents)) return;
  mkdirSync(dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, contents);
  renameSync(partial, file);
}
