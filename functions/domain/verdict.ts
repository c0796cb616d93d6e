/** How far a point can be trusted: computed from recorded times, never assumed from exit codes. */
export type Consistency = 'application-consistent' | 'filesystem-consistent' | 'crash-consistent';

export interface Verdict {
  readonly consistency: Consistency;
  /** One sentence each, with the times that it rests on: for mails, `holdfast points` and an auditor. */
  readonly evidence: readonly string[];
  /** Milliseconds from the first confirmed quiesce to the last release, guest clocks; absent when nothing was held. */
  readonly windowMs?: number;
}

/** How much each is worth: more is better. */
export const worth: Readonly<Record<Consistency, number>> = {
  'application-consistent': 2,
  'filesystem-consistent': 1,
  'crash-consistent': 0,
};
