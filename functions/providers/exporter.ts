/** What a service must be able to do that writes files of its snapshots to a bucket, or copies them under another key. Errors are thrown as AWS's come. */
import type { Artifact } from '#domain/artifact.ts';
import type { MemberKind } from '#domain/member-kinds.ts';
import type { ManagedMember } from '#domain/policy.ts';
import type { Tags } from './tag-list.ts';

export interface Exporter {
  readonly kind: MemberKind;
  /** What it makes; so a place is a bucket's name, or a key's ARN. */
  readonly makes: 'files' | 'copy';
  look(artifact: Artifact, place: string): Promise<Exported>;
  /** Asks for it; fine when it is being made, or is there. */
  begin(artifact: Artifact, place: string, tags: Tags): Promise<void>;
  /** One sentence each: why the exports of this member would fail, and what to do. Asks, and changes nothing. */
  problems(member: ManagedMember, place: string): Promise<readonly string[]>;
  /** As an operator would type it; where the service takes one, under another name than Holdfast's, which may be half taken. */
  line(artifact: Artifact, place: string): string;
}

/** What there is of an export now. */
export interface Exported {
  /** `s3://bucket/key` of each that is there, or the copy's name. */
  readonly files: readonly string[];
  /** How many there will be; absent: nobody tells. */
  readonly count?: number;
  /** All are there. */
  readonly isWhole: boolean;
  /** The service is at work on the snapshot, and takes no call for it. */
  readonly isBusy: boolean;
}
