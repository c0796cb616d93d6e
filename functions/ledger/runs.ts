import type { Run, RunState } from '#domain/run.ts';
import { change, create, list, listOpen, type OpenMark, read } from './table.ts';

const openStates: readonly RunState[] = ['planning', 'holding', 'settling'];
const partition = (workload: string) => `workload#${workload}`;
const key = (workload: string, id: string) => ({ pk: partition(workload), sk: `run#${id}` });
const mark = (run: Run): OpenMark | undefined =>
  isOpen(run) || isUnreleased(run) ? { open: 'run', since: run.startedAt } : undefined;

export const isOpen = (run: Run): boolean => openStates.includes(run.state);

/** Whether a guest may still be held still by this run. */
export const isUnreleased = (run: Run): boolean =>
  run.window !== undefined && run.window.releasedAt === undefined && run.window.holds.length > 0;

/** Writes a new run; returns the one of that id if there is one already. */
export const createRun = (run: Run) => create(key(run.workload, run.id), run, mark(run));

export const readRun = async (workload: string, id: string): Promise<Run | undefined> =>
  (await read<Run>(key(workload, id)))?.record;

/** Changes a run by compare-and-swap; `next` returns undefined to leave it. Returns the run as it is afterwards. */
export const changeRun = (workload: string, id: string, next: (run: Run) => Run | undefined) =>
  change<Run>(key(workload, id), (run) => (run === undefined ? undefined : next(run)), mark);

/** Runs that are not yet sealed, failed or refused, and failed ones whose release is not confirmed, of all workloads. */
export const openRuns = () => listOpen<Run>('run');

/** A workload's runs, newest first. */
export const runsOf = (workload: string, most?: number) =>
  list<Run>(partition(workload), 'run#', { newestFirst: true, ...(most === undefined ? {} : { most }) });
