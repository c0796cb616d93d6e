/** What a resource kind must be able to do to be brought back. `restorers.ts` lists them. */
import type { ApplicationState } from '#domain/application-state.ts';
import type { Artifact } from '#domain/artifact.ts';
import type { Point } from '#domain/point.ts';
import type { ManagedMember, Workload } from '#domain/policy.ts';
import type { Recovery, RecoveryRequest, RecoveryTarget } from '#domain/recovery.ts';
import type { Need } from './recovery-room.ts';

/** One phase's answer: `done`, or not yet and worth calling again; `target` carries what was learnt (new volume ids). */
export interface PhaseResult {
  readonly done: boolean;
  readonly target: RecoveryTarget;
}

export interface Leftovers {
  readonly application: ApplicationState;
  /** What is where now and the commands to finish by hand, one line each. */
  readonly lines: readonly string[];
}

export interface RestorePlan {
  readonly targets: readonly RecoveryTarget[];
  /** What that takes of what an account may have. Absent: nothing that its service tells of. */
  readonly needs?: readonly Need[];
  readonly refusals: readonly string[];
  readonly warnings: readonly string[];
  /** As in `RecoveryPlan.calls`. */
  readonly calls: readonly string[];
}

/** What stands for an artifact of a point where files in S3 are brought back instead. */
export interface Seeded {
  readonly artifact: Artifact;
  /** One sentence each: why it cannot be. */
  readonly refusals: readonly string[];
}

/** The phases of a recovery, each level-triggered: look, do what is missing, wait a bounded while, say whether it is done. */
export interface Restorer {
  /** @param others the policy's other workloads */
  plan(point: Point, request: RecoveryRequest, workload: Workload, others: readonly Workload[]): Promise<RestorePlan>;
  /**
   * @param files ARNs of objects in S3
   * @param known the newest artifact of the member, if there is any
   */
  seed?(member: ManagedMember, files: readonly string[], known: Artifact | undefined): Promise<Seeded>;
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
  /**
   * Deletes what the recovery left behind and whose time is over: replaced volumes, volumes of a recovery that was undone, safety
   * snapshots. Only what carries the stack's and the recovery's tags and has expired. Returns a sentence for each that could not go.
   */
  tidy(target: RecoveryTarget, recovery: Recovery): Promise<readonly string[]>;
  /** How things stand when even rolling back has failed. */
  leftovers(target: RecoveryTarget, recovery: Recovery): Promise<Leftovers>;
}
