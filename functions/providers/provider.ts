/**
 * What a resource kind must be able to do. One folder a kind; `index.ts` lists them. Every function is idempotent: after a
 * crash or a lost reply it is called again with the same arguments and must not do anything twice.
 */
import type { Artifact } from '#domain/artifact.ts';
import type { AutomaticSnapshots } from '#domain/automatic-snapshots.ts';
import type { GuestInstance } from '#domain/guest-instance.ts';
import type { MemberKind } from '#domain/member-kinds.ts';
import type { Tagged } from '#domain/points-from-tags.ts';
import type { Member, Workload } from '#domain/policy.ts';
import type { Hold, PlannedHook, PlannedMember, Run } from '#domain/run.ts';
import type { RegionSlots } from '#domain/slots.ts';
import type { Expected } from '#domain/window-forecast.ts';

export interface Planned {
  readonly members: readonly PlannedMember[];
  /** What must be reserved before anything is held still, if anything. */
  readonly reservation?: Reservation;
  /** Set when the resources are only busy for a moment (a snapshot of one began seconds ago): worth another try before anything is held still. */
  readonly busy?: string;
  /** One sentence each: what is wrong, with which resource, what to do. */
  readonly refusals: readonly string[];
  /** One sentence each: what the workload's owner should know, and what keeps no run from beginning. */
  readonly notes?: readonly string[];
  /** How long members will hold a window open, where that is known beforehand. */
  readonly expected?: readonly Expected[];
  /** Instances that hooks run on, with whether they can. */
  readonly instances: readonly GuestInstance[];
}

/** Slots and call tokens of a Region that all runs share. */
export interface Reservation {
  readonly slots: number;
  readonly region: RegionSlots;
  readonly tokens: number;
  readonly bucket: { readonly name: string; readonly capacity: number; readonly refillPerSecond: number };
}

export interface Provider {
  readonly kind: MemberKind;
  /** Of the snapshots that the service makes by itself every day. Absent: its own are none of Holdfast's business. */
  readonly automatic?: AutomaticCalls;
  /**
   * Whether a dimension of a CloudWatch metric means this resource, or a part of it. Absent: alarms that mean one of this kind mean what a recovery makes of
   * it, too.
   */
  isMeasured?(member: PlannedMember, dimension: string, value: string): boolean;
  /** Resolves a workload's members of this kind to units to begin; `others`: the policy's other workloads, none of which may claim the same resource. */
  plan(members: readonly Member[], workload: Workload, others: readonly Workload[]): Promise<Planned>;
  /**
   * What a recovery would ask for and be refused, though its artifacts are whole: one sentence each. Absent: nothing that is known.
   * @param members of this kind, as they are now
   * @param taken artifacts of a point, of this kind
   */
  restoreNotes?(members: readonly PlannedMember[], taken: readonly Artifact[]): Promise<readonly string[]>;
  /**
   * Begins one planned member inside the window. With `again`, an earlier attempt may have begun it: what that left is looked
   * up first and adopted. Never waits for a throttle.
   * @throws TierUnderWay when the service has to end another first, and will soon
   */
  begin(member: PlannedMember, run: RunTags, again: boolean): Promise<readonly Artifact[]>;
  /**
   * Begins one planned member by a hook that takes the artifacts itself, and awaits that. Absent: there is none.
   * @throws QuiesceFault when the hook did not do it; what it may have left carries the run's tags
   */
  beginBy?(hook: PlannedHook, member: PlannedMember, run: RunTags, attempt: Attempt): Promise<Begun>;
  /** Asks AWS for the present state of artifacts, whatever their number: many in pages, or where the service has no list a few at a time. A missing one comes back as `gone`. */
  progress(artifacts: readonly Artifact[]): Promise<readonly Artifact[]>;
  /**
   * Artifacts that carry the tags of these runs, also those the ledger never learnt of: one listing, whatever the runs' number. Absent
   * where no listing has the tags.
   */
  find?(runIds: readonly string[]): Promise<ReadonlyMap<string, Found>>;
  /** What a run that is over has left, also what the ledger never learnt of: what is provably of it by more than tags, since others may set those. */
  left(run: Run): Promise<readonly Artifact[]>;
  /** Writes verdict and expiry on sealed (or failed) artifacts. */
  label(
    artifacts: readonly Artifact[],
    labels: { readonly verdict: string; readonly expiresAt: string },
  ): Promise<void>;
  /**
   * Keys without which these artifacts cannot be restored, and which cannot be used now. Absent: the service has none, or does nothing more without it, so that
   * nights fail.
   */
  unusableKeys?(artifacts: readonly Artifact[]): Promise<readonly UnusableKey[]>;
  /** Ends what is still under way and has become useless, where the service can; fine when it has ended. Absent: no service of it can. */
  stop?(artifact: Artifact): Promise<void>;
  /** Deletes one artifact that is ours by tag; true when it is gone, false when it may not be deleted yet (with the reason thrown as ProviderFault if never). */
  discard(artifact: Artifact): Promise<boolean>;
  /** All artifacts of a workload with their tags: for when the ledger is gone. */
  tagged(workload: string): Promise<readonly Tagged[]>;
}

/** A KMS key, by its ARN. */
export interface UnusableKey {
  readonly key: string;
  /** KMS's word, or `missing`. */
  readonly state: string;
  /** Ids of those that need it. */
  readonly artifacts: ReadonlySet<string>;
}

/** Errors are thrown as they come. */
export interface AutomaticCalls {
  /** Undefined: there is no such resource. */
  read(resource: string): Promise<AutomaticSnapshots | undefined>;
  /** Sets retention and window in one call, and nothing else; without a window that stays. */
  set(resource: string, wanted: AutomaticSnapshots): Promise<void>;
}

/** What a run has, by the tags alone. */
export interface Found {
  readonly artifacts: readonly Artifact[];
  /** Artifacts that the run should have in all; 0 when none of its artifacts shows. */
  readonly count: number;
}

export interface Attempt {
  /** As for `begin`. */
  readonly again: boolean;
  /** When the window ends, epoch ms: the hook is awaited no longer, whatever its own deadline. */
  readonly windowEndsAtMs: number;
}

export interface Begun {
  readonly artifacts: readonly Artifact[];
  /** What is known of the hook that took them; absent when they were begun without one. */
  readonly hold?: Hold;
}

/** What `begin` puts on every artifact. */
export interface RunTags {
  readonly stack: string;
  readonly workload: string;
  readonly runId: string;
  readonly scheduledAt: string;
  readonly expiresAt: string;
  /** Artifacts of the whole run. */
  readonly count: number;
  /** The moment of those that are no copies: a whole second, past, within the hold and a guard after the tiers before. */
  readonly momentAt: string;
}
