/** One thing that goes wrong, at one place. */
import type { Stage } from '../scenario/stage.ts';
import type { Scenario } from './scenario.ts';

/** A mishap whose moment may yet come. */
export interface Armed {
  hasHappened(): boolean;
  /** It does not happen any more. */
  disarm(): void;
}

export interface Mishap {
  /** Within its scenario: `BeginTiers:ec2.CreateSnapshots:0:lost`. */
  readonly id: string;
  /** Mishaps that are reported together: a step, `events`, `aborts` … */
  readonly group: string;
  /** Makes it happen once its moment has come. */
  arm(stage: Stage, scenario: Scenario): Armed;
  /** It must cost nothing: the night has its point, the recovery is committed, nobody is mailed. */
  readonly isHarmless?: boolean;
  /** It refuses this caller's calls of this operation for want of permission: those refusals are not the stack's fault. */
  readonly denies?: { readonly caller: string; readonly operation: string };
}
