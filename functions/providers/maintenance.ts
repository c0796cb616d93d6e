/** What a service does to a resource in its maintenance window, against the runs of its workload. */
import { runInMaintenance } from '#domain/maintenance-window.ts';
import type { Workload } from '#domain/policy.ts';

export interface Maintenance {
  /** As `runInMaintenance` reads it; absent: its service told none. */
  readonly window?: string | undefined;
  /** What waits for it, in its service's words. */
  readonly pending: readonly string[];
  /** Whether a window matters also while nothing waits for it; else its service tells beforehand of all that it will do. */
  readonly isUnannounced: boolean;
  /** For a person: the command that moves it. */
  readonly move: string;
}

/**
 * A note, not a refusal: within its window a service may do nothing, and until it does it takes snapshots.
 * @param words as in `rds orders`
 */
export function maintenanceNotes(
  words: string,
  maintenance: Maintenance | undefined,
  workload: Workload,
): readonly string[] {
  if (maintenance?.window === undefined) return [];
  const { window, pending, isUnannounced, move } = maintenance;
  const atMs = pending.length > 0 || isUnannounced ? runInMaintenance(window, workload, Date.now()) : undefined;
  if (atMs === undefined) return [];
  const waiting = pending.length > 0 ? ` Waiting for it: ${pending.join(', ')}.` : '';
  return [
    `${words}: the run of ${new Date(atMs).toISOString()} falls into its maintenance window (${window} UTC), in which its service may restart it, and takes no snapshot meanwhile: such a run waits, and after a while fails.${waiting} Move one of the two: ${move}`,
  ];
}
