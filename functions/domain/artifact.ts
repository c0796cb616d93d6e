/** What one member left behind: snapshot, image, backup job's recovery point. */
export interface Artifact {
  /** The provider's kind. */
  readonly kind: string;
  /** `snap-…` */
  readonly id: string;
  /** What it is a copy of: `vol-…` */
  readonly source: string;
  readonly tier: number;
  readonly state: 'pending' | 'completed' | 'error' | 'gone';
  /** AWS's own percentage, as text. */
  readonly progress?: string;
  /** AWS's time of the point in time. */
  readonly startedAt: string;
  /** Why it failed, in AWS's words. */
  readonly problem?: string;
  /** All that the provider needs to bring it back; JSON. */
  readonly detail: Readonly<Record<string, unknown>>;
}
