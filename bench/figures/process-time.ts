/** What a command costs on this machine, from its start to its end. */
import { spawnSync } from 'node:child_process';
import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';

export interface ProcessTime {
  readonly seconds: number;
  /** Of it and the processes that it waits for: esbuild's own, which bundles the functions, is not among them. */
  readonly processorSeconds: number;
  readonly status: number | null;
  /** Processes that wanted to run, its own among them, and processors for them: wall time says little when the first is larger. */
  readonly load: number;
  readonly processors: number;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Node tells of its own processor time, not of its children's: bash does. */
const timed = 'TIMEFORMAT="%R %U %S"; time "$0" "$@" >/dev/null 2>&1';

/** @param command a program and its arguments, from the project's folder */
export function processTime(command: readonly string[], environment: NodeJS.ProcessEnv = {}): ProcessTime {
  const { status, stderr } = spawnSync('bash', ['-c', timed, ...command], {
    ...{ cwd: root, env: { ...process.env, ...environment }, encoding: 'utf8' },
  });
  const [seconds = Number.NaN, user = Number.NaN, system = Number.NaN] = stderr.trim().split(/\s+/).map(Number);
  const machine = { load: loadavg()[0] ?? Number.NaN, processors: availableParallelism() };
  return { seconds, processorSeconds: user + system, status, ...machine };
}
