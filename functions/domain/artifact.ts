import type { Cut } from './cut.ts';

/** What one member left behind: snapshot, image, backup job's recovery point. */
export interface Artifact {
  /** The provider's kind. */
  readonly kind: string;
  /** As its own service names it: `snap-…`, `ami-…` */
  readonly id: string;
  /** What it is a copy of: `vol-…`, a database's name */
  readonly source: string;
  readonly tier: number;
  readonly state: 'pending' | 'completed' | 'error' | 'gone';
  /** AWS's own percentage, as text. */
  readonly progress?: string;
  /** AWS's time of the point in time. */
  readonly startedAt: string;
  /** When its data is from, where that is not simply `startedAt`: of managed services. */
  readonly cut?: Cut;
  /**
   * Nothing of ours: a moment, which was chosen, of the continuous backup that the service keeps by itself. It ends with that, and is never
   * deleted.
   */
  readonly continuous?: true;
  /** Why it failed, in AWS's words. */
  readonly problem?: string;
  /** All that the provider needs to bring it back; JSON. */
  readonly detail: Readonly<Record<string, unknown>>;
}
