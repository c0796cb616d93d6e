import { type ApplicationSpec, readTransaction } from './application.ts';
import type { Disk } from './disk.ts';

/** What a set of disks says about an application whose files they hold. */
export interface Judgement {
  /**
   * `application-consistent`: closed by the application itself, no half transaction. `filesystem-consistent`: journals clean, so all
   * buffers were flushed, perhaps in the middle of a transaction. `crash-consistent`: only what had reached the disks.
   * `lost`: a file is missing or unreadable.
   */
  readonly consistency: 'application-consistent' | 'filesystem-consistent' | 'crash-consistent' | 'lost';
  /** Files disagree about the last transaction: half of one was caught. */
  readonly torn: boolean;
  /** Last transaction in each file, in the order of the application's files; undefined where unreadable. */
  readonly transactions: readonly (number | undefined)[];
}

/** Where a file is on disk, whether or not anything is mounted. */
export type LocateOnDisk = (path: string) => { readonly disk: Disk; readonly path: string } | undefined;

/** Judges from content alone, never from what anybody claims to have done. */
export function judgeApplication(spec: ApplicationSpec, locate: LocateOnDisk): Judgement {
  const found = spec.files.map((file) => {
    const place = locate(file);
    return place && { entry: readTransaction(place.disk.files.get(place.path)), journal: place.disk.journal };
  });
  const transactions = found.map((each) => each?.entry?.transaction);
  const torn = new Set(transactions).size > 1;
  if (found.some((each) => !each?.entry)) {
    return { consistency: 'lost', torn, transactions };
  }
  if (!torn && found.every((each) => each?.entry?.closed)) {
    return { consistency: 'application-consistent', torn, transactions };
  }
  const clean = found.every((each) => each?.journal === 'clean');
  return { consistency: clean ? 'filesystem-consistent' : 'crash-consistent', torn, transactions };
}
