/** How long a newcomer waits: the demo, from its start to its last line, on this machine. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../demo/main.ts', import.meta.url));

export function measureDemo(): { readonly seconds: number; readonly status: number | null } {
  const fromMs = performance.now();
  const { status } = spawnSync(process.execPath, [main, '--json'], { maxBuffer: 1e9 });
  return { seconds: (performance.now() - fromMs) / 1000, status };
}
