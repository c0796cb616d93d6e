/** How long the exhaustive fault sweep takes on this machine, with two workers, and how many faults it tries: all of it, or a folder. */
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

/** @param folder of `test/faults`; default: all of them, and what is drawn by chance */
export function measureFaults(folder = ''): Faults {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-sweep-'));
  const file = join(directory, 'tally.json');
  try {
    const vitest = [process.execPath, 'node_modules/vitest/vitest.mjs', 'run', `test/faults/${folder}`];
    const sweep = processTime([...vitest, '--config', 'test/faults/vitest.config.ts'], { HOLDFAST_SWEEP: file });
    return { ...sweep, ...z.parse(tallied, JSON.parse(readFileSync(file, 'utf8'))) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
