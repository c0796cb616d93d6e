import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundleSettings } from '#infra/bundle-settings.ts';

export interface Asked {
  /** A test file, from the project's folder. */
  readonly file: string;
  /** Folder of the bundles. */
  readonly bundles: string;
  /** Its id, or any other text for none. */
  readonly mutant: string;
  readonly limitMs: number;
}

export interface Ended {
  readonly outcome: 'passed' | 'killed' | 'timed out';
  /** Whether the mutant's place was run. Known of what passed. */
  readonly isReached: boolean;
}

const root = bundleSettings.absWorkingDir;
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const config = 'test/mutants/steps.vitest.config.ts';
const mark = join(root, 'dist', 'mutants', 'reached');

/** Runs one test file on these bundles with one mutant on, in processes of its own, until the first failure. */
export async function runTests({ file, bundles, mutant, limitMs }: Asked): Promise<Ended> {
  rmSync(mark, { force: true });
  const child = spawn(process.execPath, [vitest, 'run', '--config', config, file], {
    cwd: root,
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, HOLDFAST_BUNDLES: bundles, HOLDFAST_MUTANT: mutant, HOLDFAST_MUTANT_MARK: mark },
  });
  const { promise, resolve } = Promise.withResolvers<Ended['outcome']>();
  const timer = setTimeout(() => {
    resolve('timed out');
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }, limitMs);
  child.once('close', (code) => resolve(code === 0 ? 'passed' : 'killed'));
  const outcome = await promise;
  clearTimeout(timer);
  return { outcome, isReached: existsSync(mark) };
}
