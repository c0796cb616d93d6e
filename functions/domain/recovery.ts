/** What the ledger knows of one recovery. Times are ISO 8601 in UTC. */
import type { ApplicationState } from './application-state.ts';
import type { CleanUp } from './clean-up.ts';
import type { Point } from './point.ts';
import type { Failure } from './run.ts';

export const recoveryPhases = ['create', 'safeguard', 'stop', 'detach', 'attach', 'start', 'verify', 'commit'] as const;
export type RecoveryPhase = (typeof recoveryPhases)[number];

export type RecoveryState =
  | 'planned'
  | RecoveryPhase
  | 'committed'
  | 'rolling-back'
  | 'rolled-back'
  /** Even rolling back failed: a person must finish; the record says which volume is where. */
  | 'stranded'
  | 'refused';

/** Characters that each text of a request may have. */
export const requestWordsLength = 500;

/** What an operator asks for: the execution's input. All but `workload` may be left out. */
export interface RecoveryRequest {
  readonly workload: string;
  /** `latest` (default) or a point's id. */
  readonly point?: string;
  /** ISO time: the newest sealed point taken before it. */
  readonly before?: string;
  /** Another instance of the same Region: migration. */
  readonly toInstance?: string;
  /** Only the volumes under these devices. */
  readonly volumes?: readonly string[];
  /** New instances, launched from images, take the place of the present ones. Default: they stand beside them. */
  readonly replace?: boolean;
  /** ARNs of files in S3 that a new cache is made from, instead of a point. */
  readonly rdb?: readonly string[];
  readonly dryRun?: boolean;
  /** Who and why, as the operator puts it; goes on tags and into mails. */
  readonly requestedBy?: string;
  readonly reason?: string;
}

export interface Recovery {
  /** The execution's name. */
  readonly id: string;
  readonly workload: string;
  readonly request: RecoveryRequest;
  readonly pointId: string;
  /** The point itself, where the ledger has none of that id: of a plan of AWS Backup. */
  readonly point?: Point;
  readonly startedAt: string;
  readonly state: RecoveryState;
  readonly plan: RecoveryPlan;
  /** One entry a phase, in order; `endedAt` absent while it is under way. */
  readonly phases: readonly { readonly phase: string; readonly startedAt: string; readonly endedAt?: string }[];
  readonly failure?: Failure;
  readonly endedAt?: string;
  /** When its lease had gone back and its mail was owed; of an end before `endedAt`, where it was stranded and tried again. */
  readonly closedAt?: string;
  /** Of one whose execution is gone: the attempt to undo it that is due or under way. Absent: the first. */
  readonly undo?: { readonly attempt: number; readonly dueAt: string };
  /** What it left behind (replaced volumes, safety snapshots) has been deleted. */
  readonly tidiedAt?: string;
  /** Of a stranded one: what is where and the commands to finish by hand, one line each. */
  readonly leftovers?: readonly string[];
  /** Of a stranded one, as it was found when it was given up. */
  readonly application?: ApplicationState;
}

export interface RecoveryPlan {
  readonly targets: readonly RecoveryTarget[];
  readonly safetySnapshot: boolean;
  readonly keepReplacedDays: number;
  readonly cleanUp?: readonly CleanUp[];
  readonly verify?: string;
  /** Every call that would change something, in order, as an operator would type it. */
  readonly calls: readonly string[];
  readonly warnings: readonly string[];
}

/** One resource that is brought back; the provider's `restore` knows the detail. For EBS: one instance. */
export interface RecoveryTarget {
  readonly kind: string;
  readonly resource: string;
  /** Where what it has replaced is kept, and until when: a sentence. Absent for volumes, which are kept for the policy's days. */
  readonly keeps?: string;
  /** Of one that was rolled back: what it has made and left, a sentence. */
  readonly leaves?: string;
  /** The stage that it was last done with: while others are under way in it, this one is left alone. */
  readonly doneIn?: RecoveryPhase | 'roll-back';
  /** Id of the instance on which the owner's verify script said that the application works; absent: it was not run for this one. */
  readonly verifiedOn?: string;
  /** The provider's own; JSON. Rewritten by its phases (new volume ids …). */
  readonly detail: Readonly<Record<string, unknown>>;
}
