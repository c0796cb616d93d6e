/** Watches one run in the ledger until it has ended. Reads only; the run goes on whether or not somebody watches. */
import { isOpen, type Run } from '#domain/run.ts';
import { readRun } from '#ledger/runs.ts';
import { progressOf } from '#providers/index.ts';
import { askPatiently, type Patience } from './ask-patiently.ts';
import { wait } from './wait.ts';

/** Often enough to show a window of seconds; a read of one item costs next to nothing. */
const pollMs = 1000;
const settlingPollMs = 2000;

/**
 * Calls `onChange` with the run whenever its record has changed, and is patient with an AWS that does not answer.
 * @returns the ended run, or undefined when the signal aborted first
 */
export async function followRun(
  workload: string,
  runId: string,
  onChange: (run: Run) => void,
  patience: Patience,
): Promise<Run | undefined> {
  const { signal } = patience;
  let seen = '';
  while (signal?.aborted !== true) {
    const known = await askPatiently(() => readRun(workload, runId), patience);
    const run = known?.state === 'settling' ? await withProgress(known) : known;
    const now = JSON.stringify(run);
    if (run !== undefined && now !== seen) onChange(run);
    if (run !== undefined && !isOpen(run)) return run;
    seen = now;
    await wait(run?.state === 'settling' ? settlingPollMs : pollMs, signal);
  }
  return undefined;
}

/** The ledger learns of artifacts when they are all complete; until then AWS is asked, where the operator may ask. */
async function withProgress(run: Run): Promise<Run> {
  try {
    return { ...run, artifacts: await progressOf(run.artifacts) };
  } catch {
    return run; // without ec2:DescribeSnapshots the percentage stays behind, and nothing else
  }
}

/** What is under way, in a few words. */
export function runWords(run: Run): string {
  if (run.state === 'waiting') return 'for its turn: a Region allows so many pending snapshots';
  if (run.state === 'planning') return 'finding its members, reserving what the window needs';
  if (run.state === 'holding') return holdingWords(run);
  if (run.state === 'settling') return `artifacts ${percentOf(run)} % complete`;
  if (run.state === 'sealed') return run.verdict?.consistency ?? 'sealed';
  return run.failure?.message ?? run.state;
}

function holdingWords({ window, artifacts }: Run): string {
  const holds = window?.holds ?? [];
  const held = holds.filter(({ state }) => state === 'held').length;
  const free = holds.filter(({ state }) => state === 'free').length;
  const begun = artifacts.length === 0 ? '' : `, ${artifacts.length} artifacts begun`;
  if (holds.length === 0) return `nothing is held still${begun}`;
  if (window?.releaseSentAt !== undefined) return `${free} of ${holds.length} hooks released${begun}`;
  return `${held} of ${holds.length} hooks hold still${begun}`;
}

/** Whole percent over all artifacts, as far as AWS tells. */
export function percentOf({ artifacts }: Run): number {
  if (artifacts.length === 0) return 0;
  const each = artifacts.map(({ state, progress }) =>
    state === 'completed' ? 100 : Number.parseInt(progress ?? '0', 10) || 0,
  );
  return Math.floor(each.reduce((sum, percent) => sum + percent, 0) / each.length);
}
