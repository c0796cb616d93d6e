/** Bundles every step, in one go, each file with its own copies of what it needs; prints `Bundles` as JSON. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import type { Bundle, Bundles } from './bundle.ts';
import { bundleSettings } from './bundle-settings.ts';
import { bundledSteps } from './function-table.ts';
import { usedPartsOnly } from './used-parts.ts';

const root = bundleSettings.absWorkingDir;
const stepsDirectory = join(root, 'functions', 'steps');
const directory = join(root, 'dist', 'functions');

const { outputFiles, metafile } = await build({
  ...bundleSettings,
  plugins: [usedPartsOnly, ...bundleSettings.plugins],
  entryPoints: Object.fromEntries(
    bundledSteps.map((name) => [join(name, 'index'), join(stepsDirectory, `${name}.ts`)]),
  ),
  outdir: directory,
  outExtension: { '.js': '.mjs' },
  write: false,
  metafile: true,
});
for (const { path, contents } of outputFiles) replace(path, contents);
const bundles: Bundles = { directory, bundles: Object.entries(metafile.outputs).map(described) };
process.stdout.write(JSON.stringify(bundles));

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
