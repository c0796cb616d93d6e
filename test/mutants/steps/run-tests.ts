import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundleSettings } from '#infra/bundle-settings.ts';

export interface Asked {
  /** A test file, from the project's folder. */
  readonly file: string;
  /** The full names of those of its tests that are run. Left out: all. */
  readonly tests?: readonly string[] | undefined;
  /** Folder of the bundles. */
  readonly bundles: string;
  /** Its id, or any other text for none. */
  readonly mutant: string;
  readonly limitMs: number;
}

/** What a test file's process has seen (`activate.ts`). Mutants are named by their ids. */
export interface Noted {
  /** Whether the place of the mutant that was on was run. */
  readonly isReached: boolean;
  /** Reached while modules were loaded, and in what a file does before and after all its tests. */
  readonly outsideTests: readonly string[];
  readonly tests: readonly { readonly name: string; readonly tookMs: number; readonly reached: readonly string[] }[];
}

export type Ended =
  | { readonly outcome: 'passed'; readonly noted: Noted }
  | { readonly outcome: 'killed' | 'timed out' };

const root = bundleSettings.absWorkingDir;
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const config = 'test/mutants/steps.vitest.config.ts';
const notes = join(root, 'dist', 'mutants', 'noted.json');

/** Runs one test file, or some tests of it, on these bundles with one mutant on, in processes of its own, until the first failure. */
export async function runTests({ file, tests, bundles, mutant, limitMs }: Asked): Promise<Ended> {
  rmSync(notes, { force: true });
  const only = tests === undefined ? [] : [`--testNamePattern=^(?:${tests.map(literally).join('|')})$`];
  const child = spawn(process.execPath, [vitest, 'run', '--config', config, ...only, file], {
    cwd: root,
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, HOLDFAST_BUNDLES: bundles, HOLDFAST_MUTANT: mutant, HOLDFAST_MUTANT_NOTES: notes },
  });
  const { promise, resolve } = Promise.withResolvers<'passed' | 'killed' | 'timed out'>();
  const timer = setTimeout(() => {
    resolve('timed out');
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }, limitMs);
  child.once('close', (code) => resolve(code === 0 ? 'passed' : 'killed'));
  const outcome = await promise;
  clearTimeout(timer);
  // `activate.ts` has written it, in this type.
  return outcome === 'passed' ? { outcome, noted: JSON.parse(readFileSync(notes, 'utf8')) as Noted } : { outcome };
}

const literally = (name: string): string => name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
