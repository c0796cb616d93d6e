/**
 * What a kind must be able to do whose artifacts are copied to another Region. The service takes no token of ours for a copy: whatever was
 * asked for is found by its tags. Errors are thrown as AWS's come, unless said otherwise.
 */
import type { Artifact } from '#domain/artifact.ts';
import type { MemberKind } from '#domain/member-kinds.ts';
import type { CopyPlace } from '#domain/point-copy.ts';
import type { PlannedMember } from '#domain/run.ts';

export interface Copier {
  readonly kind: MemberKind;
  /** Copies that may be under way to one Region at the same time, some left to others. */
  readonly mostUnderWay: number;
  /** What there is in the Region of these artifacts, by the artifact's id, the oldest first. */
  look(region: string, artifactIds: readonly string[]): Promise<ReadonlyMap<string, readonly Copied[]>>;
  /**
   * Asks for the copy of one artifact, once, and gives its id; it need not show at once.
   * @throws TransientFault when the Region takes no more copies now
   */
  begin(artifact: Artifact, place: CopyPlace, tags: CopyTags): Promise<string>;
  /** Writes on all copies of a point that the set is whole. */
  tellWhole(region: string, ids: readonly string[]): Promise<void>;
  /** Fine when it is gone. */
  discard(region: string, id: string): Promise<void>;
  /**
   * Asks, and changes nothing.
   * @param members of this kind, of a workload that is copied there
   */
  examine(place: CopyPlace, members: readonly PlannedMember[]): Promise<CopyStanding>;
}

/** One sentence each. */
export interface CopyStanding {
  /** Why copies would fail, and what to do. */
  readonly problems: readonly string[];
  /** What keeps none from being made, and should be known. */
  readonly notes: readonly string[];
}

/** A copy as its service has it now. */
export interface Copied {
  readonly id: string;
  readonly state: Artifact['state'];
  /** Why it is in error, in AWS's words. */
  readonly problem?: string;
}

/** What is put on every copy beside what its artifact says of itself. */
export interface CopyTags {
  readonly stack: string;
  readonly workload: string;
  readonly pointId: string;
  readonly verdict: string;
  readonly expiresAt: string;
  /** Copies of the whole point. */
  readonly count: number;
}
