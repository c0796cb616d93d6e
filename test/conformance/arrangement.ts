import type { ManagedMember } from '#domain/policy.ts';
import type { Region } from '#simulator/region.ts';

/** One resource of a simulated service, and what can befall it. */
export interface Arrangement {
  readonly member: ManagedMember;
  /** Signing name. */
  readonly service: string;
  /** The operations by which the product looks at the resource, begins a snapshot, asks for it, and deletes it. */
  readonly operations: Readonly<Record<'look' | 'create' | 'describe' | 'remove', string>>;
  readonly codes: { readonly throttled: string; readonly denied: string };
  launch(region: Region): void | Promise<void>;
  /** The service is at work on the resource, and will be done with it. */
  makeBusy(region: Region): void;
  /** The resource is in a state that it does not leave by itself. */
  breakDown(region: Region): void;
  /** Absent: the service knows no snapshot that failed. */
  nextSnapshotFails?(region: Region): void;
  /** The call fixes the moment, as exactly as the service tells, instead of the end. */
  readonly isFixedByCall?: true;
  /** Its snapshots carry no tags, so they cannot be told without the ledger. */
  readonly isUntagged?: true;
  /** There is no list of its snapshots, so that each is asked for by itself. */
  readonly isUnlisted?: true;
  /** By name, as the service has them. */
  snapshots(region: Region): ReadonlyMap<string, unknown>;
}

/** By the words that tell them apart in a report: a kind's own, where there is one. */
export type Arrangements = Readonly<Record<string, Arrangement>>;

/** The query protocol's words. */
export const queryCodes = { throttled: 'Throttling', denied: 'AccessDenied' };
