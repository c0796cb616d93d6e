/** A recovery point: the artifacts of one run, sealed once all are complete and the verdict is known. */
import type { Artifact } from './artifact.ts';
import type { ArtifactExport } from './artifact-export.ts';
import type { PointCopy } from './point-copy.ts';
import type { Verdict } from './verdict.ts';

export interface Point {
  /** The run's id. */
  readonly id: string;
  readonly workload: string;
  /** The moment the data is from: the earliest artifact's start. */
  readonly takenAt: string;
  readonly sealedAt: string;
  readonly artifacts: readonly Artifact[];
  readonly verdict: Verdict;
  /** Sentences, where AWS's times contradict the run's own: such a point is taken by name, or where there is no other. */
  readonly contradictions?: readonly string[];
  /** What its owner wants of it in another Region. Absent: nothing. */
  readonly copy?: PointCopy;
  /** The ledger had lost it: what it is of, only the tags of its artifacts say. Absent: the run that sealed it does. */
  readonly knownBy?: 'tags';
  /** Files in S3 that its owner wants of it. Absent: none. */
  readonly exports?: readonly ArtifactExport[];
  /** Set once a part of it was found gone, or in error, and until all its parts are there again: it is not offered for recovery. */
  readonly broken?: { readonly problem: string; readonly at: string };
  /** Set by retire, first as intent, then as fact; a retired point is never offered for recovery. */
  readonly retire?: { readonly reason: string; readonly plannedAt: string; readonly doneAt?: string };
}
