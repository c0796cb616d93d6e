/** The alarm for a workload that may be held still, beside its mail: it must not depend on the ledger or on `report`. */
import type { Run } from '#domain/run.ts';
import { count } from '#platform/metrics.ts';

/** Whether every guest should have let go by itself by now. False for a run without a window. */
export const isPastDeadline = ({ window }: Run, nowMs: number): boolean =>
  window !== undefined && nowMs > Date.parse(window.deadlineAt);

/** The alarm ReleaseUnconfirmed watches this metric. */
export function alarmUnconfirmed(): void {
  count('ReleaseUnconfirmed');
}
