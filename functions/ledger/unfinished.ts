/** Everything that sweeps advance, told by one query of the ledger's index, which may be a moment old. */
import { listOpen, type OpenItem, type OpenSort } from './table.ts';

/** What the index knows of an unfinished run. */
export interface OpenRun {
  readonly workload: string;
  readonly runId: string;
  /** Of a waiting run its urgency, else when it was begun. */
  readonly since: string;
  /** Of a waiting run: the slots that it is expected to need. */
  readonly slots: number;
}

export interface OpenRecovery {
  readonly workload: string;
  readonly recoveryId: string;
  readonly startedAt: string;
}

/** A sealed point of which something is still to be made elsewhere. */
export interface OpenPoint {
  readonly workload: string;
  readonly pointId: string;
  /** When it was sealed; of one to copy, when its data is from. */
  readonly since: string;
}

/** Everything but what `retire` looks after, and what is owed or stands. */
export interface Unfinished {
  /** Runs that wait for slots, the most urgent first. */
  readonly waiting: readonly OpenRun[];
  /** Runs before or in their window, and those of whatever state whose release is not confirmed. */
  readonly inWindow: readonly OpenRun[];
  /** Runs whose window is closed, and whose guests are released. */
  readonly settling: readonly OpenRun[];
  readonly recoveries: readonly OpenRecovery[];
  /** Points of which files are still to be written to S3. */
  readonly exporting: readonly OpenPoint[];
  /** Points that are being copied to another Region, and those of which no copy is begun; the oldest first. */
  readonly copying: readonly OpenPoint[];
  readonly toCopy: readonly OpenPoint[];
}

export async function unfinished(): Promise<Unfinished> {
  const items = Map.groupBy(await listOpen(), ({ sort }) => sort);
  const runs = (sort: OpenSort) => (items.get(sort) ?? []).map(openRun);
  const points = (sort: OpenSort) => (items.get(sort) ?? []).map(openPoint);
  return {
    waiting: runs('waiting'),
    inWindow: runs('window'),
    settling: runs('settling'),
    recoveries: (items.get('recovery') ?? []).map(openRecovery),
    exporting: points('export'),
    copying: points('copying'),
    toCopy: points('copy'),
  };
}

/** Those that have not ended, or not all of which has followed from their end. */
export const openRecoveries = async (): Promise<readonly OpenRecovery[]> =>
  (await listOpen('recovery')).map(openRecovery);

/** Failed runs of which something may be left, the oldest first; `since` is when they ended. */
export const failedRuns = async (): Promise<readonly OpenRun[]> => (await listOpen('failed')).map(openRun);

const openRun = ({ pk, sk, since, slots = 0 }: OpenItem): OpenRun => ({
  workload: pk.slice('workload#'.length),
  runId: sk.slice('run#'.length),
  since,
  slots,
});

const openPoint = ({ pk, sk, since }: OpenItem): OpenPoint => ({
  workload: pk.slice('workload#'.length),
  pointId: sk.slice('point#'.length),
  since,
});

const openRecovery = ({ pk, sk, since }: OpenItem): OpenRecovery => ({
  workload: pk.slice('workload#'.length),
  recoveryId: sk.slice('recovery#'.length),
  startedAt: since,
});
