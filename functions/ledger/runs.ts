import { daysAfter } from '#domain/expiry.ts';
import { isOpen, type Run } from '#domain/run.ts';
import { runIdFor } from '#domain/run-id.ts';
import { change, create, list, type OpenMark, type Place, read } from './table.ts';

const partition = (workload: string) => `workload#${workload}`;
const key = (workload: string, id: string) => ({ pk: partition(workload), sk: `run#${id}` });

const keptDays = 400;

function placeOf(run: Run): Place {
  const open = markOf(run);
  return open === undefined ? { keptUntil: daysAfter(run.endedAt ?? run.startedAt, keptDays) } : { open };
}

/** Where sweeps find the run: by its urgency while it waits, by its artifacts while it settles, else by its age. */
function markOf(run: Run): OpenMark | undefined {
  if (run.state === 'waiting') {
    return { sort: 'waiting', since: run.urgentAt ?? run.startedAt, slots: run.expectedSlots ?? 0 };
  }
  if (run.state === 'settling' && !isUnreleased(run)) return { sort: 'settling', since: run.startedAt };
  if (isOpen(run) || isUnreleased(run)) return { sort: 'window', since: run.admittedAt ?? run.startedAt };
  const hasLeftovers = run.state === 'failed' && run.tidiedAt === undefined;
  return hasLeftovers ? { sort: 'failed', since: run.endedAt ?? run.startedAt } : undefined;
}

/** Whether a guest may still be held still by this run. */
export const isUnreleased = (run: Run): boolean =>
  run.window !== undefined && run.window.releasedAt === undefined && run.window.holds.length > 0;

/** Writes a new run; returns the one of that id if there is one already. */
export const createRun = (run: Run) => create(key(run.workload, run.id), run, placeOf(run));

export const readRun = async (workload: string, id: string): Promise<Run | undefined> =>
  (await read<Run>(key(workload, id)))?.record;

/** Changes a run by compare-and-swap; `next` returns undefined to leave it. Returns the run as it is afterwards. */
export const changeRun = (workload: string, id: string, next: (run: Run) => Run | undefined) =>
  change<Run>(key(workload, id), (run) => (run === undefined ? undefined : next(run)), placeOf);

/** A workload's runs, newest first. */
export const runsOf = (workload: string, most?: number) =>
  list<Run>(partition(workload), 'run#', { newestFirst: true, ...(most === undefined ? {} : { most }) });

/** So many of a workload's newest runs, and on until one that was not refused: an open run may have had any number refused beside it. */
export async function latestRunsOf(workload: string, least: number): Promise<readonly Run[]> {
  const runs = await runsOf(workload, least);
  const isAll = runs.length < least || runs.some(({ state }) => state !== 'refused');
  return isAll ? runs : latestRunsOf(workload, 4 * least);
}

/** A workload's runs that were scheduled at that time or later, newest first. */
export const runsSince = (workload: string, scheduledAt: string) =>
  list<Run>(partition(workload), 'run#', {
    newestFirst: true,
    from: key(workload, runIdFor(workload, scheduledAt)).sk,
  });
