import type { PhaseResult } from './restorer.ts';

/**
 * Between the two looks that must agree: EC2's views may lag behind a call that the failed phase made last, and behind what somebody
 * else has done to the instance, which may be why the phase failed.
 */
const secondLookMs = 5_000;

/** Undoes until two looks, some seconds apart, find nothing left to undo. */
export async function undoTwice(undo: () => Promise<PhaseResult>): Promise<PhaseResult> {
  const first = await undo();
  if (!first.done) return first;
  await new Promise<void>((resolve) => setTimeout(resolve, secondLookMs));
  return undo();
}
