/**
 * What a Region gives to all runs together: pending-snapshot slots and CreateSnapshots tokens. Both are taken here before
 * anything is held still, so that nothing inside a window waits for a throttle.
 */
import { change } from './table.ts';

interface Slots {
  /** Slots by run id. */
  readonly taken: Readonly<Record<string, number>>;
}

interface Tokens {
  readonly left: number;
  readonly atMs: number;
  /** Last draws by holder, so that a repeated draw is free. */
  readonly drawn: Readonly<Record<string, number>>;
}

export interface SlotRequest {
  readonly runId: string;
  readonly slots: number;
  /** Slots that may be taken by all our runs: the Region's limit less what others have pending. */
  readonly available: number;
}

/** Takes slots for a run; false when too few are free. Taking again for the same run succeeds and changes nothing. */
export async function takeSlots({ runId, slots, available }: SlotRequest): Promise<boolean> {
  const now = await change<Slots>({ pk: 'region', sk: 'slots' }, (record) => {
    const taken = record?.taken ?? {};
    if (runId in taken || total(taken) + slots > available) return undefined;
    return { taken: { ...taken, [runId]: slots } };
  });
  return now !== undefined && runId in now.taken;
}

/** Gives a run's slots back. */
export async function freeSlots(runId: string): Promise<void> {
  await change<Slots>({ pk: 'region', sk: 'slots' }, (record) => {
    if (record === undefined || !(runId in record.taken)) return undefined;
    return { taken: Object.fromEntries(Object.entries(record.taken).filter(([id]) => id !== runId)) };
  });
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

const total = (taken: Readonly<Record<string, number>>) => Object.values(taken).reduce((sum, slots) => sum + slots, 0);
