/** Says at the end how many cases there were; into the file HOLDFAST_SWEEP, if it names one, too. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Entry {
  readonly cases: number;
  readonly broken: number;
  readonly cpuMs: number;
}

export default function tally(): () => void {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-faults-'));
  const file = join(directory, 'tally');
  process.env.HOLDFAST_TALLY = file;
  const startedMs = performance.now();
  return () => {
    const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
    const entries = text === '' ? [] : text.split('\n').map((line): Entry => JSON.parse(line));
    const sum = (of: (entry: Entry) => number) => entries.reduce((total, entry) => total + of(entry), 0);
    const seconds = (ms: number) => `${Math.round(ms / 1000)} s`;
    const [faults, broken] = [sum(({ cases }) => cases), sum((entry) => entry.broken)];
    process.stdout.write(
      `${faults} faults in ${entries.length} groups, ${broken} broke a promise; ` +
        `${seconds(sum(({ cpuMs }) => cpuMs))} of CPU, ${seconds(performance.now() - startedMs)} by the clock\n`,
    );
    const { HOLDFAST_SWEEP: summary } = process.env;
    if (summary !== undefined) writeFileSync(summary, JSON.stringify({ faults, broken }));
    rmSync(directory, { recursive: true });
  };
}
