/** What the ledger knows of one backup of one workload. Times are ISO 8601 in UTC with milliseconds. */
import type { Artifact } from './artifact.ts';
import type { Consistency, Verdict } from './verdict.ts';

/**
 * waiting → planning → holding → settling → sealed, or failed from anywhere; `refused` when it was never begun.
 * `waiting` is for the Region's pending-snapshot slots. `holding` covers the whole window, also of a workload without hooks.
 */
export type RunState = 'waiting' | 'planning' | 'holding' | 'settling' | 'sealed' | 'failed' | 'refused';

/** Those of a run that has not ended. */
const openStates: readonly RunState[] = ['waiting', 'planning', 'holding', 'settling'];

export const isOpen = ({ state }: Pick<Run, 'state'>): boolean => openStates.includes(state);

export interface Run {
  /** `<workload>-<scheduled time>`, so the same night can never run twice (`run-id.ts`). Also the execution's name. */
  readonly id: string;
  readonly workload: string;
  readonly scheduledAt: string;
  readonly trigger: 'schedule' | 'operator';
  readonly startedAt: string;
  readonly state: RunState;
  /** Pending-snapshot slots that it is expected to need; planning knows exactly. */
  readonly expectedSlots?: number;
  /** When the newest point will be older than the RPO: of those that wait, the first is begun first. */
  readonly urgentAt?: string;
  /** When it had its slots and was begun. */
  readonly admittedAt?: string;
  readonly plan?: RunPlan;
  /** Absent until intent is recorded. */
  readonly window?: Window;
  readonly artifacts: readonly Artifact[];
  readonly failure?: Failure;
  readonly verdict?: Verdict;
  readonly endedAt?: string;
  /** When nothing was left of a failed run any more. */
  readonly tidiedAt?: string;
}

export interface RunPlan {
  readonly members: readonly PlannedMember[];
  readonly hooks: readonly PlannedHook[];
  readonly onQuiesceFailure: 'abort' | 'crash-consistent';
  /** As in the policy: how long the window may last. */
  readonly windowSeconds?: number;
  /** Instances whose hooks cannot be asked, where the policy prefers a crash-consistent point to none. */
  readonly unheld?: readonly UnheldInstance[];
}

export interface UnheldInstance {
  readonly instanceId: string;
  /** A sentence for a person. */
  readonly problem: string;
}

/** One member as a provider found it: a unit that it begins with one call (for EBS: one instance and its chosen volumes). */
export interface PlannedMember {
  readonly kind: string;
  /** What the call is made on (`i-…`, a database's name). */
  readonly resource: string;
  readonly tier: number;
  /** Artifacts that it will leave. */
  readonly artifacts: number;
  /** How consistent its artifacts are by themselves, whatever holds still: a database service's own snapshot is as good as its engine. Absent: no better than a crash. */
  readonly consistency?: Consistency;
  /** True when it includes a root volume, which no filesystem hook ever freezes. */
  readonly includesRoot?: boolean;
  /** A moment of its continuous backup is pinned instead of a copy made. */
  readonly continuous?: true;
  /** The provider's own; JSON. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** One hook on one instance. */
export interface PlannedHook {
  readonly kind: string;
  readonly instanceId: string;
  readonly deadlineSeconds: number;
  /** Parameters of the hook's guest document, beside `action`, `run` and `deadlineSeconds`. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** From the first quiesce to the last release. Also of a workload without hooks, whose `holds` are empty. */
export interface Window {
  /** Written before the first hook runs. */
  readonly intendedAt: string;
  /** Nothing may be held past this: the latest deadline of any hook, counted from the intent plus the time to deliver. */
  readonly deadlineAt: string;
  readonly holds: readonly Hold[];
  /** Tiers whose artifacts have been asked for at least once, also when it is not known whether that had an effect. */
  readonly attemptedTiers: readonly number[];
  /** Before the first call that began an artifact. */
  readonly beganAt?: string;
  /** After the last of these calls had returned. */
  readonly begunAt?: string;
  /** When the release was sent to the guests for the first time. */
  readonly releaseSentAt?: string;
  /** Set once every hold is confirmed free. */
  readonly releasedAt?: string;
}

/** What is known of one hook on one instance. Guest times are the guest's own clock. */
export interface Hold {
  readonly hook: PlannedHook;
  /** `intended`: the hook may or may not have run. `held`: the guest confirmed. `free`: release confirmed by the guest. */
  readonly state: 'intended' | 'held' | 'free';
  /** When this side had read the guest's confirmation, our clock. */
  readonly confirmedAt?: string;
  /** When the guest's timer began to count its deadline. */
  readonly armedGuestMs?: number;
  readonly quiescedGuestMs?: number;
  readonly releasedGuestMs?: number;
  /** What the guest says of how it holds, for the verdict's evidence. */
  readonly note?: string;
  /**
   * Who released: our command, the in-guest timer, or nobody (`none`: it had never quiesced; `lost`: what held had ended by itself, as
   * a server's lock does with its session; `stopped`: the guest is down, nothing can be held; `itself`: as VSS does once its
   * snapshots have begun).
   */
  readonly releasedBy?: 'release' | 'timer' | 'none' | 'lost' | 'stopped' | 'itself';
  readonly freeAt?: string;
  /** Why the quiesce did not confirm. Stays for the verdict's evidence, also once the hold is free. */
  readonly quiesceProblem?: string;
  /** Why the release did not confirm. */
  readonly problem?: string;
}

export interface Failure {
  /** One of the literal names in `faults.ts`, or Step Functions' own (`States.Timeout`). */
  readonly name: string;
  readonly message: string;
  /** Where it happened, in the words of the state machine. */
  readonly phase: string;
}
