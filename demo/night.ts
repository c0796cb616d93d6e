/** One night: the schedules fire, and somebody happens to watch the ledger. */
import { followRun, runWords } from '#cli/follow-run.ts';
import type { Run } from '#domain/run.ts';
import { runIdFor } from '#domain/run-id.ts';
import { nextDue } from '#domain/schedule.ts';
import type { Stage } from './stage.ts';

const dayMs = 86_400_000;

/**
 * Lets time pass over the next due time of every workload, showing what happens.
 * @returns the runs as they ended, in the order in which they were due
 */
export async function liveThroughNight(stage: Stage): Promise<readonly Run[]> {
  const { policy, region } = stage;
  const nowMs = region.clock.nowMs();
  const due = policy.workloads
    .map(({ name, schedule }) => ({ name, dueMs: nextDue(schedule, nowMs) ?? nowMs + dayMs }))
    .sort((one, other) => one.dueMs - other.dueMs);
  const runs: Run[] = [];
  for (const { name, dueMs } of due) {
    await region.time.advance(Math.max(0, dueMs - 1000 - region.clock.nowMs()));
    runs.push(await watchRun(stage, name, runIdFor(name, new Date(dueMs).toISOString())));
  }
  return runs;
}

async function watchRun({ region, narrator }: Stage, workload: string, runId: string): Promise<Run> {
  let shown = '';
  const show = (run: Run) => {
    const words = `${workload} ${run.state}: ${runWords(run)}`;
    if (words === shown) return;
    shown = words;
    narrator.moment(region.clock.nowMs(), words);
  };
  const ended = await region.drive(followRun(workload, runId, show, { tell: () => undefined }), dayMs);
  if (ended === undefined) throw new Error(`nobody watched ${runId} to its end`);
  return ended;
}
