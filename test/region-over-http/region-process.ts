/** `holdfast region` as a process, and Python programs that ask it by its address. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const python = at('../../node_modules/.cache/region-over-http/bin/python');

const serving = z.object({ event: z.literal('serving'), environment: z.record(z.string(), z.string()) });

export interface RegionProcess {
  /** Runs every test of one Python file here. @throws what unittest reported, when one failed */
  python(file: string): Promise<void>;
  end(): Promise<void>;
}

/** Nothing of this machine's own AWS settings reaches the child. */
function environment(added: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS_|BOTO|NODE_OPTIONS)/.test(name));
  return { ...Object.fromEntries(kept), AWS_EC2_METADATA_DISABLED: 'true', ...added };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    if (!child.stdout) throw new Error('the region has no standard output');
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`the region ended with ${code} before it served`)));
  });
}

function runPython(file: string, variables: Readonly<Record<string, string>>): Promise<void> {
  const env = environment({ ...variables, AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' });
  return new Promise((resolve, reject) => {
    execFile(python, ['-B', at(file), '--failfast'], { env, cwd: at('.') }, (error, _out, said) =>
      error ? reject(new Error(said)) : resolve(),
    );
  });
}

/**
 * Starts a region on a free port.
 * @param speed as `--speed`: virtual seconds a second
 * @throws Error when the Python environment is not there: these tests never pass by being left out
 */
export async function startRegion(speed: number): Promise<RegionProcess> {
  if (!existsSync(python)) throw new Error(`${python} is not there. Run: sh test/region-over-http/setup.sh`);
  const child = spawn(
    process.execPath,
    [at('../../bin/holdfast.mjs'), 'region', '--port=0', `--speed=${speed}`, '--json'],
    {
      cwd: at('../..'),
      env: environment({}),
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const variables = serving.parse(JSON.parse(await firstLine(child))).environment;
  return {
    python: (file) => runPython(file, variables),
    end: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGINT');
      }),
  };
}
