/**
 * One change of the Region's slots for all runs together: what has completed is given back, and the most urgent of those that
 * wait take what is free.
 */
import { admit, givenBack, type RegionSlots } from '#domain/slots.ts';
import { changeSlots } from '#ledger/reservations.ts';
import type { OpenRun, Unfinished } from '#ledger/unfinished.ts';
import { type Look, unfinishedOf } from './look-at-runs.ts';

/**
 * @param looks what is known of runs that settle: of others nothing is given back
 * @param regionSlots asked only when somebody waits
 * @returns the runs to begin now, the most urgent first
 */
export async function shareSlots(
  { waiting, inWindow, settling }: Unfinished,
  looks: ReadonlyMap<string, Look>,
  regionSlots: () => Promise<RegionSlots>,
): Promise<readonly OpenRun[]> {
  if (waiting.length === 0 && looks.size === 0) return [];
  const region = waiting.length === 0 ? undefined : await regionSlots();
  const open = new Set([...waiting, ...inWindow, ...settling].map(({ runId }) => runId));
  const unfinished = new Map([...looks].map(([runId, look]) => [runId, unfinishedOrAll(look)]));
  const nowMs = Date.now();
  let admitted: readonly string[] = [];
  await changeSlots((before) => {
    const kept = givenBack(before, unfinished, open, nowMs);
    const after = region === undefined ? { taken: kept, admitted: [] } : admit(kept, waiting, region, nowMs);
    admitted = after.admitted;
    return after.taken;
  });
  return waiting.filter(({ runId }) => admitted.includes(runId));
}

/** Of a run whose artifacts do not show yet, all may be pending. */
const unfinishedOrAll = (look: Look): number => (look.count === 0 ? Number.POSITIVE_INFINITY : unfinishedOf(look));
