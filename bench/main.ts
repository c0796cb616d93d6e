/**
 * `npm run bench`: measures every figure of docs/benchmarks.md and writes that page and its charts. Each measurement has a process of
 * its own.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import * as z from 'zod/mini';
import type { Measured } from './measured.ts';
import { charts } from './report/charts.ts';
import { page } from './report/page.ts';
import { sizes } from './sizes.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const directory = join(root, 'docs', 'benchmarks');
const file = join(directory, 'measured.json');

/** Arguments of `measure.ts` by the figure's key. */
const figures: Readonly<Record<string, readonly string[]>> = {
  window: ['window', '20'],
  'cold-window': ['cold-window', '20'],
  recovery: ['recovery'],
  'recovery-as-seen': ['recovery-as-seen'],
  bill: ['bill', '1000'],
  ...Object.fromEntries(sizes.map((volumes) => [`night-${volumes}`, ['night', String(volumes)]])),
  ...Object.fromEntries(sizes.map((volumes) => [`textbook-${volumes}`, ['textbook', String(volumes)]])),
  bundles: ['bundles', '15'],
  demo: ['demo'],
  faults: ['faults'],
  'faults-of-instances': ['faults-of-instances'],
  synth: ['synth'],
  'new-kind': ['new-kind'],
  held: ['held', '50'],
};

const none = 'none';

function someOf(text: string): readonly string[] {
  const unknown = text.split(',').filter((key) => key !== none && !(key in figures));
  if (unknown.length > 0) throw new InvalidArgumentError(`There is no figure ${unknown.join(', ')}.`);
  return text.split(',');
}

const program = new Command('npm run bench --')
  .description(
    'Measures the figures of docs/benchmarks.md, and writes that page and its charts. All together take hours; a figure of seconds should have the machine to itself.',
  )
  .addOption(
    new Option('--only <figures>', 'only these, with commas between them; the others stay as they were measured')
      .argParser(someOf)
      .default(Object.keys(figures), 'all'),
  )
  .addHelpText('after', `\nFigures: ${Object.keys(figures).join(', ')}; ${none} writes the page alone.`)
  .parse();
const { only: chosen } = z.parse(z.object({ only: z.array(z.string()) }), program.opts());
mkdirSync(directory, { recursive: true });
for (const [key, args] of Object.entries(figures)) if (chosen.includes(key)) save(key, measure(key, args));
const measured = read();
writeFileSync(join(root, 'docs', 'benchmarks.md'), page(measured));
for (const [name, svg] of Object.entries(await charts(measured))) writeFileSync(join(directory, name), svg);

function measure(key: string, args: readonly string[]): unknown {
  process.stderr.write(`${key} ...`);
  const fromMs = performance.now();
  const script = join(root, 'bench', 'measure.ts');
  const ended = spawnSync(process.execPath, ['--expose-gc', '--max-old-space-size=6000', script, ...args], {
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  if (ended.status !== 0) throw new Error(`${key} failed:\n${ended.stderr}`);
  process.stderr.write(` ${Math.round((performance.now() - fromMs) / 1000)} s\n`);
  return JSON.parse(ended.stdout.trim().split('\n').at(-1) ?? '');
}

/** What was measured survives a later figure's failure. */
function save(key: string, value: unknown): void {
  writeFileSync(file, `${JSON.stringify({ ...read(), [key]: value }, undefined, 1)}\n`);
}

function read(): Measured {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}
