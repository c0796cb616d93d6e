/** How long a newcomer waits: the demo, from its start to its last line, on this machine. */
import { spawnSync } from 'node:child_process';
import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';

export interface Demo {
  readonly seconds: number;
  readonly status: number | null;
  /** Processes that wanted to run, the demo's own among them, and processors for them: wall time says little when the first is larger. */
  readonly load: number;
  readonly processors: number;
}

const main = fileURLToPath(new URL('../../demo/main.ts', import.meta.url));

export function measureDemo(): Demo {
  const fromMs = performance.now();
  const { status } = spawnSync(process.execPath, [main, '--json'], { maxBuffer: 1e9 });
  const seconds = (performance.now() - fromMs) / 1000;
  return { seconds, status, load: loadavg()[0] ?? Number.NaN, processors: availableParallelism() };
}
