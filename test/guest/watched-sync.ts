import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './loop-volume.ts';
import type { TestGuest } from './test-guest.ts';

/**
 * From now on every `sync` of the guest's scripts is noted, but for questions of how it can.
 * @returns whether a timer was armed at each, in order
 */
export async function watchedSync(guest: TestGuest): Promise<() => readonly boolean[]> {
  const real = (await run('sh', ['-c', 'command -v sync'])).stdout.trim();
  const log = join(guest.scripts, 'syncs');
  const look = `ls "$HOLDFAST_STATE_DIR"/*/*/timer >/dev/null 2>&1 && armed=true || armed=false`;
  guest.install(
    join(guest.programs, 'sync'),
    `#!/bin/sh\n[ "$1" = --help ] || { ${look}; echo "$armed" >>${log}; }\nexec ${real} "$@"\n`,
  );
  const lines = () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []);
  return () => lines().map((line) => line === 'true');
}
