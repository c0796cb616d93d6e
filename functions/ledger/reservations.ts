/**
 * What a Region gives to all runs together: pending-snapshot slots and CreateSnapshots tokens. Both are taken here before
 * anything is held still, so that nothing inside a window waits for a throttle.
 */
import { corrected, fits, type RegionSlots, type Taken, without } from '#domain/slots.ts';
import { change } from './table.ts';

interface Slots {
  readonly taken: Taken;
}

interface Tokens {
  readonly left: number;
  readonly atMs: number;
  /** Last draws by holder, so that a repeated draw is free. */
  readonly drawn: Readonly<Record<string, number>>;
}

const slotsKey = { pk: 'region', sk: 'slots' };

/** Changes what is taken in one compare-and-swap; `next` returns what it was given to leave it. Returns what is taken afterwards. */
export async function changeSlots(next: (taken: Taken) => Taken): Promise<Taken> {
  const slots = await change<Slots>(slotsKey, (record) => {
    const before = record?.taken ?? {};
    const after = next(before);
    return isSame(before, after) ? undefined : { taken: after };
  });
  return slots?.taken ?? {};
}

/** Also when it was built anew with the same content: what did not change is not written. */
const isSame = (one: Taken, other: Taken): boolean => {
  const ids = Object.keys(other);
  return Object.keys(one).length === ids.length && ids.every((id) => one[id]?.slots === other[id]?.slots);
};

/** Corrects a run's slots to their exact number; false when they are not free yet: it keeps its place, ask again. */
export async function takeSlots(runId: string, slots: number, region: RegionSlots, nowMs: number): Promise<boolean> {
  return fits(await changeSlots((taken) => corrected(taken, runId, slots, nowMs)), runId, region);
}

/** Gives a run's slots back. */
export async function freeSlots(runId: string): Promise<void> {
  await changeSlots((taken) => (runId in taken ? without(taken, runId) : taken));
}

export interface Bucket {
  readonly name: string;
  readonly capacity: number;
  readonly refillPerSecond: number;
}

/** Draws tokens from a bucket shared by all runs; false when it is too empty. */
export async function drawTokens(bucket: Bucket, holder: string, tokens: number, nowMs: number): Promise<boolean> {
  const now = await change<Tokens>({ pk: 'region', sk: `tokens#${bucket.name}` }, (record) => {
    const left = refilled(bucket, record, nowMs);
    const drawn = recent(record?.drawn ?? {}, nowMs);
    if (holder in drawn || left < tokens) return undefined;
    return { left: left - tokens, atMs: nowMs, drawn: { ...drawn, [holder]: nowMs } };
  });
  return now !== undefined && holder in now.drawn;
}

function refilled(bucket: Bucket, record: Tokens | undefined, nowMs: number): number {
  if (record === undefined) return bucket.capacity;
  const since = Math.max(0, nowMs - record.atMs) / 1000;
  return Math.min(bucket.capacity, record.left + since * bucket.refillPerSecond);
}

/** Draws of the last quarter of an hour: longer than any step is retried. */
const recent = (drawn: Readonly<Record<string, number>>, nowMs: number) =>
  Object.fromEntries(Object.entries(drawn).filter(([, atMs]) => nowMs - atMs < 900_000));
