/** What a service must be able to do that writes files of its snapshots to a bucket. Errors are thrown as AWS's come. */
import type { Artifact } from '#domain/artifact.ts';
import type { MemberKind } from '#domain/member-kinds.ts';
import type { ManagedMember } from '#domain/policy.ts';

export interface Exporter {
  readonly kind: MemberKind;
  look(artifact: Artifact, bucket: string): Promise<Exported>;
  /** Asks for the files; fine when they are being written, or are there. */
  begin(artifact: Artifact, bucket: string): Promise<void>;
  /** One sentence each: why the exports of this member would fail, and what to do. Asks, and changes nothing. */
  problems(member: ManagedMember, bucket: string): Promise<readonly string[]>;
  /** As an operator would type it; where the service takes one, under another name than Holdfast's, which may be half taken. */
  line(artifact: Artifact, bucket: string): string;
}

/** What there is of an export now. */
export interface Exported {
  /** `s3://bucket/key` of each that is there. */
  readonly files: readonly string[];
  /** How many there will be; absent: nobody tells. */
  readonly count?: number;
  /** All are there. */
  readonly isWhole: boolean;
  /** The service is at work on the snapshot, and takes no call for it. */
  readonly isBusy: boolean;
}
