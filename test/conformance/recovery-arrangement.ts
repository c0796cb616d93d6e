import type { RecoveryRequest } from '#domain/recovery.ts';
import type { Region } from '#simulator/region.ts';
import type { MemberInput } from '../kinds/member-input.ts';

/** What applications find where they are led: what they have written, oldest first, and what the resource is set to. */
export interface Found {
  readonly rows: readonly string[];
  /** Of its owner's, all that a recovery gives back; JSON. */
  readonly settings: object;
}

/** One resource that is brought back, and what can befall that. */
export interface RecoveryArrangement {
  /** With what applications are led by, where the kind knows of it. */
  readonly member: MemberInput;
  readonly request?: Pick<RecoveryRequest, 'replace'>;
  /** It is at work, with settings that are no defaults, and applications are led to it. */
  launch(region: Region): void | Promise<void>;
  /** By applications, to where they are led. */
  write(region: Region, row: string): void | Promise<void>;
  /** Absent: nobody who is asked could tell. */
  find?(region: Region): Found | Promise<Found>;
  /**
   * All that a recovery could make or change, as JSON: resources by what stays the same of each, with their `tags`, if they can have any; and
   * what applications are led by.
   */
  everything(region: Region): ReadonlyMap<string, unknown> | Promise<ReadonlyMap<string, unknown>>;
  /** What no call gives back. Absent: there is nothing of the kind. */
  readonly ungiven?: {
    /** The resource has it. */
    give(region: Region): void | Promise<void>;
    /** By these words. */
    readonly told: RegExp;
    /** Whether what applications find has it. */
    isThere(region: Region): boolean | Promise<boolean>;
  };
  /** What is made from the backup will never be ready. */
  newOneBreaks(region: Region): void;
  /** How many things. Default 1. */
  readonly makes?: number;
  /** What a recovery has made and is not used goes by itself after days. Default: it stays, and is told. */
  readonly isTidied?: true;
}

/** By the words that tell them apart in a report: a kind's own, where there is one. */
export type RecoveryArrangements = Readonly<Record<string, RecoveryArrangement>>;
