/** The longest that a protect execution lives beside its window, retries included, and a margin. */
const besideMs = 40 * 60_000;

/** Until when a run has its workload's lease, ISO, counted from now. */
export const runLeaseUntil = (nowMs: number, windowSeconds: number): string =>
  new Date(nowMs + windowSeconds * 1000 + besideMs).toISOString();
