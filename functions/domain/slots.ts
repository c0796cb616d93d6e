/**
 * Who may have snapshots pending: AWS takes so many a Region, so runs take slots before anything is held still, in the order of
 * their urgency. Pure changes to the record of what is taken, applied by compare-and-swap.
 */

/** Slots by run id. */
export type Taken = Readonly<Record<string, { readonly slots: number; readonly sinceMs: number }>>;

/** What AWS has of a Region now. */
export interface RegionSlots {
  /** Snapshots that may be pending at a time. */
  readonly limit: number;
  /** Snapshots that are pending, by run id; others' under ''. What belongs to no run with slots of its own takes from the limit. */
  readonly pending: Readonly<Record<string, number>>;
}

export interface Waiting {
  readonly runId: string;
  readonly slots: number;
}

/** Slots of a run that is not open stay so long: the list of open runs may be a moment old. */
const staleMs = 120_000;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
const total = (taken: Taken): number => sum(Object.values(taken).map(({ slots }) => slots));
const ofOthers = (taken: Taken, { pending }: RegionSlots): number =>
  sum(Object.entries(pending).flatMap(([runId, count]) => (runId in taken ? [] : [count])));

/**
 * Takes slots for the first of the waiting, strictly in order: nobody overtakes, so nobody starves. A run that needs none waits for nobody.
 * @returns the runs to begin: also those that had slots already (something died before they began), and those that could never
 *   fit, without slots, so that planning refuses them with its reason instead of all waiting behind them
 */
export function admit(
  taken: Taken,
  waiting: readonly Waiting[],
  region: RegionSlots,
  nowMs: number,
): { readonly taken: Taken; readonly admitted: readonly string[] } {
  const after: Record<string, Taken[string]> = { ...taken };
  const admitted: string[] = [];
  let isFull = false;
  for (const { runId, slots } of waiting) {
    const needs = runId in after || slots > region.limit ? 0 : slots;
    isFull ||= needs > 0 && total(after) + ofOthers(after, region) + needs > region.limit;
    if (isFull && slots > 0) continue;
    if (needs > 0) after[runId] = { slots, sinceMs: nowMs };
    admitted.push(runId);
  }
  return { taken: after, admitted };
}

/**
 * A run's exact number, once it is known. One that needs more than was expected goes behind all others, also by clocks that differ: those that have
 * begun have counted on the smaller number, and together they would be more than the Region takes.
 */
export function corrected(taken: Taken, runId: string, slots: number, nowMs: number): Taken {
  const had = taken[runId];
  if (had?.slots === slots) return taken;
  const last = Math.max(nowMs, ...Object.values(taken).map(({ sinceMs }) => sinceMs + 1));
  return { ...taken, [runId]: { slots, sinceMs: had !== undefined && slots < had.slots ? had.sinceMs : last } };
}

/** Whether a run's slots are really free: beside others' snapshots and the runs that took theirs before it. */
export function fits(taken: Taken, runId: string, region: RegionSlots): boolean {
  const own = taken[runId];
  if (own === undefined) return false;
  const before = Object.entries(taken).filter(
    ([id, { sinceMs }]) => sinceMs < own.sinceMs || (sinceMs === own.sinceMs && id <= runId),
  );
  return total(Object.fromEntries(before)) + ofOthers(taken, region) <= region.limit;
}

export const without = (taken: Taken, runId: string): Taken =>
  Object.fromEntries(Object.entries(taken).filter(([id]) => id !== runId));

/**
 * Gives back what is not used any more: slots of snapshots that are complete, and of runs that are not open.
 * @param unfinished how many artifacts of a run are not known to be complete, of the runs that were asked for
 */
export function givenBack(
  taken: Taken,
  unfinished: ReadonlyMap<string, number>,
  open: ReadonlySet<string>,
  nowMs: number,
): Taken {
  const kept = Object.entries(taken).flatMap(([runId, { slots, sinceMs }]) => {
    if (!open.has(runId) && nowMs - sinceMs > staleMs) return [];
    const left = Math.min(slots, unfinished.get(runId) ?? slots);
    return left === 0 ? [] : [[runId, { slots: left, sinceMs }] as const];
  });
  return Object.fromEntries(kept);
}
