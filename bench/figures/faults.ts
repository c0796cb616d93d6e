/** How long the exhaustive fault sweep takes on this machine, with two workers, and how many faults it tries. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { type ProcessTime, processTime } from './process-time.ts';

export interface Faults extends ProcessTime {
  readonly faults: number;
  readonly broken: number;
}

const tallied = z.object({ faults: z.number(), broken: z.number() });

export function measureFaults(): Faults {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-sweep-'));
  const file = join(directory, 'tally.json');
  try {
    const vitest = [process.execPath, 'node_modules/vitest/vitest.mjs'];
    const sweep = processTime([...vitest, 'run', '--config', 'test/faults/vitest.config.ts'], { HOLDFAST_SWEEP: file });
    return { ...sweep, ...z.parse(tallied, JSON.parse(readFileSync(file, 'utf8'))) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
