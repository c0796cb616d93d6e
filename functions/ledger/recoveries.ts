import { daysAfter } from '#domain/expiry.ts';
import type { Recovery } from '#domain/recovery.ts';
import { hasEnded } from '#domain/recovery-progress.ts';
import { change, create, list, type Place, read } from './table.ts';

const partition = (workload: string) => `workload#${workload}`;
const key = (workload: string, id: string) => ({ pk: partition(workload), sk: `recovery#${id}` });
const keptDays = 400;
/** Sweeps find what has not ended, or not all of which has followed from its end. Also kept is one that left something which a person, or retire, has not yet taken away. */
function placeOf(recovery: Recovery): Place {
  if (!hasEnded(recovery) || !isClosed(recovery)) return { open: { sort: 'recovery', since: recovery.startedAt } };
  const isTidy = recovery.state === 'refused' || recovery.tidiedAt !== undefined;
  return isTidy ? { keptUntil: daysAfter(recovery.startedAt, keptDays) } : {};
}

const isClosed = ({ endedAt = '', closedAt = '', tidiedAt }: Recovery): boolean =>
  tidiedAt !== undefined || (closedAt !== '' && closedAt >= endedAt);

/** Notes that all has followed from its end, after which sweeps leave it alone. */
export const closeRecovery = (workload: string, id: string, closedAt: string) =>
  changeRecovery(workload, id, (now) => (hasEnded(now) && !isClosed(now) ? { ...now, closedAt } : undefined));

/** Writes a new recovery; returns the one of that id if there is one already. */
export const createRecovery = (recovery: Recovery) =>
  create(key(recovery.workload, recovery.id), recovery, placeOf(recovery));

export const readRecovery = async (workload: string, id: string): Promise<Recovery | undefined> =>
  (await read<Recovery>(key(workload, id)))?.record;

export const changeRecovery = (workload: string, id: string, next: (recovery: Recovery) => Recovery | undefined) =>
  change<Recovery>(key(workload, id), (recovery) => (recovery === undefined ? undefined : next(recovery)), placeOf);

/** A workload's recoveries, newest start first. */
export const recoveriesOf = async (workload: string): Promise<readonly Recovery[]> =>
  [...(await list<Recovery>(partition(workload), 'recovery#'))].sort((a, b) => b.startedAt.localeCompare(a.startedAt));
