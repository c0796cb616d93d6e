/**
 * What a resource kind must be able to do. One folder a kind; `index.ts` lists them. Every function is idempotent: after a
 * crash or a lost reply it is called again with the same arguments and must not do anything twice.
 */
import type { Artifact } from '#domain/artifact.ts';
import type { GuestInstance } from '#domain/guest-instance.ts';
import type { Point } from '#domain/point.ts';
import type { Member, Workload } from '#domain/policy.ts';
import type { Recovery, RecoveryRequest, RecoveryTarget } from '#domain/recovery.ts';
import type { PlannedMember } from '#domain/run.ts';

/** IAM statement as data; `infra` turns it into the role of the step that it is for. */
export interface Statement {
  readonly actions: readonly string[];
  /** ARNs with the placeholders `${partition}`, `${region}`, `${account}`, and `${stack}` (in conditions: the value of HOLDFAST_STACK); `*` where the action has no resource type. */
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Which step needs what. A step's role gets the statements of every provider under its name. */
export type StepName =
  | 'plan-run'
  | 'begin-tier'
  | 'release'
  | 'guard-execution'
  | 'settle'
  | 'retire'
  | 'plan-recovery'
  | 'create-volumes'
  | 'take-safety-snapshot'
  | 'stop-instance'
  | 'detach-volumes'
  | 'attach-volumes'
  | 'start-instance'
  | 'verify-recovery'
  | 'commit-recovery'
  | 'roll-back';

export interface Planned {
  readonly members: readonly PlannedMember[];
  /** What must be reserved before anything is held still. */
  readonly reservation: Reservation;
  /** Set when the resources are only busy for a moment (a snapshot of one began seconds ago): worth another try before anything is held still. */
  readonly busy?: string;
  /** One sentence each: what is wrong, with which resource, what to do. */
  readonly refusals: readonly string[];
  /** Instances that hooks run on, with whether they can. */
  readonly instances: readonly GuestInstance[];
}

/** Slots and call tokens of a Region that all runs share. */
export interface Reservation {
  readonly slots: number;
  /** Slots that all our runs together may take now: the Region's limit less what others have pending. */
  readonly slotsAvailable: number;
  readonly tokens: number;
  readonly bucket: { readonly name: string; readonly capacity: number; readonly refillPerSecond: number };
}

export interface Provider {
  readonly kind: string;
  /** Resolves a workload's members of this kind to units to begin; `others`: the policy's other workloads, none of which may claim the same resource. */
  plan(members: readonly Member[], workload: Workload, others: readonly Workload[]): Promise<Planned>;
  /**
   * Begins one planned member inside the window. With `again`, an earlier attempt may have begun it: what that left is looked
   * up first and adopted. Never waits for a throttle.
   */
  begin(member: PlannedMember, run: RunTags, again: boolean): Promise<readonly Artifact[]>;
  /** Asks AWS for the present state of artifacts, in pages, whatever their number. A missing one comes back as `gone`. */
  progress(artifacts: readonly Artifact[]): Promise<readonly Artifact[]>;
  /** Artifacts that carry the run's tags, also those the ledger never learnt of. */
  find(runId: string): Promise<readonly Artifact[]>;
  /** Writes verdict and expiry on sealed (or failed) artifacts. */
  label(
    artifacts: readonly Artifact[],
    labels: { readonly verdict: string; readonly expiresAt: string },
  ): Promise<void>;
  /** Deletes one artifact that is ours by tag; true when it is gone, false when it may not be deleted yet (with the reason thrown as ProviderFault if never). */
  discard(artifact: Artifact): Promise<boolean>;
  /** All points of a workload as the tags alone tell them: for when the ledger is gone. */
  pointsFromTags(workload: string): Promise<readonly Point[]>;
  readonly restore: Restorer;
  readonly permissions: Partial<Readonly<Record<StepName, readonly Statement[]>>>;
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
}

/** One phase's answer: `done`, or not yet and worth calling again; `target` carries what was learnt (new volume ids). */
export interface PhaseResult {
  readonly done: boolean;
  readonly target: RecoveryTarget;
}

export interface RestorePlan {
  readonly targets: readonly RecoveryTarget[];
  readonly refusals: readonly string[];
  readonly warnings: readonly string[];
  /** As in `RecoveryPlan.calls`. */
  readonly calls: readonly string[];
}

/** The phases of a recovery, each level-triggered: look, do what is missing, wait a bounded while, say whether it is done. */
export interface Restorer {
  plan(point: Point, request: RecoveryRequest, workload: Workload): Promise<RestorePlan>;
  create(target: RecoveryTarget, recovery: Recovery): Promise<PhaseResult>;
  safeguard(target: RecoveryTarget, recovery: Recovery): Promise<PhaseResult>;
  stop(target: RecoveryTarget, recovery: Recovery): Promise<PhaseResult>;
  detach(target: RecoveryTarget, recovery: Recovery): Promise<PhaseResult>;
  attach(target: RecoveryTarget, recovery: Recovery): Promise<PhaseResult>;
  start(target: RecoveryTarget, recovery: Recovery): Promise<PhaseResult>;
  verify(target: RecoveryTarget, recovery: Recovery): Promise<PhaseResult>;
  commit(target: RecoveryTarget, recovery: Recovery): Promise<PhaseResult>;
  /** Brings back what was there before, from whatever state things are in. */
  rollBack(target: RecoveryTarget, recovery: Recovery): Promise<PhaseResult>;
  /** What is where now and the commands to finish by hand, one line each. */
  leftovers(target: RecoveryTarget, recovery: Recovery): Promise<readonly string[]>;
}
